#include "common/rpc/server_limits.h"

#include "absl/time/time.h"
#include "grpc/grpc.h"
#include "grpcpp/resource_quota.h"

namespace countersign::rpc {
namespace {

constexpr int kMaxConnectionAgeMs = 5 * 60 * 1000;
constexpr int kHandshakeTimeoutMs = 10 * 1000;
constexpr int kMinPingIntervalMs = 20 * 1000;  // Our own clients ping every 60 s.

}  // namespace

void SetServerLimits(int max_threads, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("countersign");
  quota.SetMaxThreads(max_threads);
  quota.Resize(kMemoryQuotaBytes);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  // gRPC inflates a message before it measures it, and before it is known who sent it: 1 MiB of gzip becomes 1 GiB.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // Two servers on one port is a mistake, not a feature.
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxConnectionAgeMs);
  // Then gRPC ends what is still at work, so no unary call may last so long.
  const absl::Duration grace = kMaxDeadline + absl::Seconds(5);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, static_cast<int>(absl::ToInt64Milliseconds(grace)));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace countersign::rpc
