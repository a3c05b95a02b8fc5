// Who calls. Until transport identity arrives, the caller is what the request's metadata says, so a server that
// believes it binds loopback only (server.h). This file is the one place that decides who a caller is.
#ifndef COUNTERSIGN_COMMON_RPC_CALLER_H_
#define COUNTERSIGN_COMMON_RPC_CALLER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "grpcpp/server_context.h"

namespace countersign::rpc {

enum class Role : uint8_t { kPartner, kOperator, kViewer, kService };

struct Caller {
  Role role = Role::kPartner;
  std::string name;  // "partners/{uuid}", "operators/{name}", "viewers/{name}", "services/{name}": the actor of events.
  Uuid partner;      // Of a partner; nil for the others.
  bool suspended = false;  // Of a partner: its rights are those of a suspended one (access_policy.h).
};

inline constexpr char kCallerMetadata[] = "countersign-caller";
inline constexpr char kOnBehalfOfMetadata[] = "countersign-on-behalf-of";
inline constexpr char kTraceIdMetadata[] = "countersign-trace-id";

// From "partners/{uuid}", "operators/{name}", "viewers/{name}" or "services/{name}"; a name is 1 to 63 of a–z, 0–9 and
// '-'. Error: UNAUTHENTICATED CALLER_MALFORMED.
absl::StatusOr<Caller> ParseCaller(absl::string_view text);

// The caller of a request. Errors: UNAUTHENTICATED CALLER_MISSING (no countersign-caller, or more than one),
// CALLER_MALFORMED.
absl::StatusOr<Caller> IdentifyCaller(const grpc::ServerContextBase& context);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CALLER_H_
