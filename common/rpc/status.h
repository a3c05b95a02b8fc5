// Errors on the wire: absl::Status with the details of common/base/error.h ↔ grpc::Status with a google.rpc.Status in
// its binary details (ErrorInfo always; BadRequest, PreconditionFailure and RetryInfo by code).
#ifndef COUNTERSIGN_COMMON_RPC_STATUS_H_
#define COUNTERSIGN_COMMON_RPC_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"

namespace countersign::rpc {

inline constexpr absl::string_view kErrorDomain = "countersign";

// Metadata of an UNAVAILABLE or RESOURCE_EXHAUSTED error that knows when to try again: milliseconds, 1 or more. It
// becomes the delay of its RetryInfo, which is a second otherwise.
inline constexpr char kRetryDelayMetadata[] = "retryDelayMs";

// Reason and message that leave the process. Text of a status without a reason is internal and is replaced by a fixed
// sentence; so is that of INTERNAL, UNKNOWN and DATA_LOSS, which all become INTERNAL.
absl::Status PublicStatus(const absl::Status& status);

// For the wire; `trace_id` goes into ErrorInfo's metadata as traceId. Applies PublicStatus first.
grpc::Status ToGrpc(const absl::Status& status, absl::string_view trace_id);

// From the wire, with reason, metadata (without traceId) and violations where the peer gave them.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_STATUS_H_
