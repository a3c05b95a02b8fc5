// Whose events, and from where on: the `parent` and `position` of EventService and AuditService.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_PARENT_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_PARENT_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/events/event_feed.h"
#include "common/rpc/call.h"

namespace countersign::event_api {

// The tenant of "{collection}/{uuid}", or none for "-". Anything else is a violation of "parent".
std::optional<Uuid> RequireEventParent(FieldViolations& violations, absl::string_view parent);

// After `position`, or at the first event of the tenant's feed where it is empty. Anything else than the position of an
// event of the same parent is a violation of "position".
events::FeedCursor RequireEventPosition(FieldViolations& violations, const std::optional<Uuid>& tenant,
                                        absl::string_view position);

// OK when the caller may see the events of `parent`, which RequireEventParent took: a partner its own only, by its own
// name. Error: NOT_FOUND RESOURCE_NOT_FOUND.
absl::Status CheckEventParent(const rpc::Call& call, absl::string_view parent);

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_PARENT_H_
