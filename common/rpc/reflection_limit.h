// gRPC's reflection asks nobody who calls, and each of its streams holds a thread of the server for as long as it is
// open. Without a limit some idle streams would take all the threads that serve calls.
#ifndef COUNTERSIGN_COMMON_RPC_REFLECTION_LIMIT_H_
#define COUNTERSIGN_COMMON_RPC_REFLECTION_LIMIT_H_

#include <memory>

#include "grpcpp/support/server_interceptor.h"

namespace countersign::rpc {

// Cancels a reflection stream (the client sees CANCELLED) while `max_streams` others of the same server are open.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeReflectionLimitFactory(int max_streams);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_REFLECTION_LIMIT_H_
