// How many calls of our own services a server works on, streams included. Those of gRPC's own (health, reflection) do
// not count: nothing is lost with them.
#ifndef COUNTERSIGN_COMMON_RPC_CALLS_UNDER_WAY_H_
#define COUNTERSIGN_COMMON_RPC_CALLS_UNDER_WAY_H_

#include <atomic>
#include <memory>

#include "grpcpp/support/server_interceptor.h"

namespace countersign::rpc {

// Keeps `count`, which must outlive the server. A call is under way until its status is on its way to the client.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallsUnderWayFactory(
    std::atomic<int>& count);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CALLS_UNDER_WAY_H_
