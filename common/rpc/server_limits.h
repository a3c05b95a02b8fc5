// Limits on what a connection can make a server spend before its caller is known.
#ifndef COUNTERSIGN_COMMON_RPC_SERVER_LIMITS_H_
#define COUNTERSIGN_COMMON_RPC_SERVER_LIMITS_H_

#include <cstddef>

#include "common/rpc/endpoint.h"
#include "grpcpp/server_builder.h"

namespace countersign::rpc {

// Just above what the wrapper allows, so that a request that is a little too large gets REQUEST_TOO_LARGE. gRPC itself
// answers a larger one RESOURCE_EXHAUSTED. It keeps a message that is not complete until the connection ends.
inline constexpr int kMaxReceiveBytes = kMaxRequestBytes + (64 << 10);
// One connection's calls at a time; further calls wait at the client. Enough for the 100 watchers that a caller may
// have (event_service.h) and calls beside them.
inline constexpr int kMaxStreamsPerConnection = 128;
// For everything that connections have sent and that is not answered yet. Beyond it gRPC ends streams until it holds
// again; a burst may pass it by what one connection can send meanwhile.
inline constexpr size_t kMemoryQuotaBytes = 64 << 20;

// Sets these limits, at most `max_threads` threads, no decompression, and how long a connection may take for its
// handshake (10 s), be idle or live (5 min, and then until its unary calls have ended).
void SetServerLimits(int max_threads, grpc::ServerBuilder& builder);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_SERVER_LIMITS_H_
