// gRPC refuses some requests before any handler of ours sees them, and its errors have no details: broken frames and
// bytes that do not parse (invalid UTF-8 in a string) are INTERNAL, or UNIMPLEMENTED for a stream, and calls beyond the
// thread cap are RESOURCE_EXHAUSTED. This interceptor gives them the details that every error has (protos/README.md).
#ifndef COUNTERSIGN_COMMON_RPC_REFUSAL_INTERCEPTOR_H_
#define COUNTERSIGN_COMMON_RPC_REFUSAL_INTERCEPTOR_H_

#include <memory>

#include "grpcpp/support/server_interceptor.h"

namespace countersign::rpc {

// INTERNAL without details, and UNIMPLEMENTED without details and message → INVALID_ARGUMENT MALFORMED_REQUEST;
// RESOURCE_EXHAUSTED without details → RESOURCE_EXHAUSTED SERVER_BUSY with RetryInfo. Both are logged with the trace id
// that they carry.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeRefusalInterceptorFactory();

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_REFUSAL_INTERCEPTOR_H_
