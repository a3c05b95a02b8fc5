// Calls to peers: one channel per peer, made once and shared by all threads.
#ifndef COUNTERSIGN_COMMON_RPC_CHANNEL_H_
#define COUNTERSIGN_COMMON_RPC_CHANNEL_H_

#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/span.h"
#include "common/rpc/call.h"
#include "common/rpc/credentials.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace countersign::rpc {

// The gRPC service config of all our clients, recommended to others.
inline constexpr char kServiceConfig[] = R"json({
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
})json";

// For a peer whose caller tries again by itself.
inline constexpr char kServiceConfigWithoutRetries[] = R"json({"loadBalancingConfig": [{"round_robin": {}}]})json";

inline constexpr absl::Duration kDefaultPeerDeadline = absl::Seconds(5);

// A channel to "host:port": DNS, round robin over all addresses, keepalive and, by default, four attempts on
// UNAVAILABLE with 0.1–1 s between them (every mutation carries a request_id, so a retry is safe). Connects lazily and
// again by itself. With TLS a server is refused unless its certificate names `peer` ("order-service"), wherever
// "host:port" leads. Error: INVALID_ARGUMENT PEER_ADDRESS, when `credentials` are plaintext and the host is not
// loopback: callers' API keys would travel in the clear.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Credentials& credentials, absl::string_view peer,
                                                           absl::string_view target,
                                                           const char* service_config = kServiceConfig);

// A plaintext channel. Requires that the target is on loopback.
std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target);

// Caller, on-behalf-of, trace; deadline = the earlier of outgoing.deadline and kDefaultPeerDeadline from now.
void PrepareContext(const Outgoing& outgoing, grpc::ClientContext& context);

// The span of one call to a peer, where spans are collected.
class PeerSpan {
 public:
  // PrepareContext, with this span as the one in which the call is made.
  PeerSpan(const Outgoing& outgoing, const google::protobuf::Descriptor& request, grpc::ClientContext& context);
  void End(const grpc::Status& status);

 private:
  std::optional<Span> span_;
};

// A peer's answer as our own status: code, reason, metadata and violations are kept, but UNAUTHENTICATED,
// PERMISSION_DENIED and UNIMPLEMENTED become INTERNAL: they are our fault, not our caller's. CANCELLED becomes
// UNAVAILABLE: we cancel no call to a peer, so it was cut off on its way.
absl::Status FromPeer(const grpc::Status& status);

// One unary call to a peer:
//   CallPeer(call.outgoing(), *stub_, &v1::PartnerService::StubInterface::CheckSeller, request)
// Errors: those of the peer as FromPeer has them; UNAVAILABLE when it cannot be reached.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> CallPeer(const Outgoing& outgoing, std::type_identity_t<Stub>& stub,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                               const std::type_identity_t<Request>& request) {
  grpc::ClientContext context;
  PeerSpan span(outgoing, *Request::descriptor(), context);
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  span.End(status);
  if (!status.ok()) return FromPeer(status);
  return reply;
}

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CHANNEL_H_
