// Whose events: the `parent` of EventService and AuditService.
#ifndef COUNTERSIGN_COMMON_RPC_EVENT_PARENT_H_
#define COUNTERSIGN_COMMON_RPC_EVENT_PARENT_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"

namespace countersign::rpc {

// The tenant of "{collection}/{uuid}", or none for "-". Anything else is a violation of "parent".
std::optional<Uuid> RequireEventParent(FieldViolations& violations, absl::string_view parent);

// OK when the caller may see the events of `parent`, which RequireEventParent took: a partner its own only, by its own
// name. Error: NOT_FOUND RESOURCE_NOT_FOUND.
absl::Status CheckEventParent(const Call& call, absl::string_view parent);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_EVENT_PARENT_H_
