#include "common/rpc/channel.h"

#include <arpa/inet.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/trace.h"
#include "common/rpc/caller.h"
#include "common/rpc/status.h"
#include "grpcpp/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace countersign::rpc {
namespace {

// While a name has no address, because no pod of the peer is ready, gRPC looks it up at growing intervals, of up to two
// minutes. This has it look every second, as for a server that refuses connections.
class Reviver {
 public:
  static void Watch(const std::shared_ptr<grpc::Channel>& channel) {
    static auto* const reviver = new Reviver;
    const absl::MutexLock lock(&reviver->mutex_);
    reviver->channels_.push_back(channel);
  }

 private:
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  Reviver() {
    std::thread([this] {
      for (;; absl::SleepFor(kInterval)) Revive();
    }).detach();
  }

  void Revive() {
    std::vector<std::shared_ptr<grpc::Channel>> channels;  // None must end under the lock.
    const absl::MutexLock lock(&mutex_);
    for (auto watched = channels_.begin(); watched != channels_.end();) {
      channels.push_back(watched->lock());
      watched = channels.back() == nullptr ? channels_.erase(watched) : watched + 1;
    }
    for (const std::shared_ptr<grpc::Channel>& channel : channels) {
      if (channel == nullptr || channel->GetState(false) != GRPC_CHANNEL_TRANSIENT_FAILURE) continue;
      grpc::experimental::ChannelResetConnectionBackoff(channel.get());
    }
  }

  absl::Mutex mutex_;
  std::vector<std::weak_ptr<grpc::Channel>> channels_ ABSL_GUARDED_BY(mutex_);
};

// An address needs no look-up.
bool IsHostName(absl::string_view target) {
  in6_addr ignored;
  const std::string host = HostOf(target);
  return inet_pton(AF_INET, host.c_str(), &ignored) != 1 && inet_pton(AF_INET6, host.c_str(), &ignored) != 1;
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target) {
  return MakeChannel(Credentials(), "", target).value();
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Credentials& credentials, absl::string_view peer,
                                                           absl::string_view target, const char* service_config) {
  if (credentials.is_plaintext() && !IsLoopback(target)) {
    return Error(
        absl::StatusCode::kInvalidArgument, "PEER_ADDRESS",
        absl::StrCat("In plaintext everybody can read along, so a peer's address must be loopback, not ", target),
        {{"target", std::string(target)}});
  }
  grpc::ChannelArguments arguments;
  if (!credentials.is_plaintext()) arguments.SetSslTargetNameOverride(std::string(peer));
  arguments.SetServiceConfigJSON(service_config);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);  // Ours stands; no TXT look-ups.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);                  // A peer is never behind a proxy.
  arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1 << GRPC_COMPRESS_NONE);  // As our servers.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // gRPC's own back-off grows to two minutes; a peer that restarts is wanted back at once.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Not a pause, but how long an attempt may take: a busy peer's TLS handshake does not end in 100 ms.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // By default a name is looked up every 30 s at most: too late where the only pod of a peer has moved.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  const std::shared_ptr<grpc::Channel> channel =
      grpc::CreateCustomChannel(absl::StrCat("dns:///", target), credentials.client(), arguments);
  if (IsHostName(target)) Reviver::Watch(channel);
  return channel;
}

void PrepareContext(const Outgoing& outgoing, grpc::ClientContext& context) {
  context.AddMetadata(kCallerMetadata, outgoing.caller);
  if (!outgoing.on_behalf_of.empty()) context.AddMetadata(kOnBehalfOfMetadata, outgoing.on_behalf_of);
  if (!outgoing.trace_id.empty()) context.AddMetadata(kTraceparent, TraceparentOf(outgoing.trace_id, outgoing.span_id));
  context.set_deadline(absl::ToChronoTime(std::min(outgoing.deadline, absl::Now() + kDefaultPeerDeadline)));
}

PeerSpan::PeerSpan(const Outgoing& outgoing, const google::protobuf::Descriptor& request,
                   grpc::ClientContext& context) {
  if (SpanSink::OfProcess() == nullptr || outgoing.trace_id.empty()) {
    PrepareContext(outgoing, context);
    return;
  }
  Outgoing within = outgoing;
  within.span_id = NewSpanId();
  PrepareContext(within, context);
  // gRPC does not say which method it is; the request's name does: "countersign.billing.v1.ActivateOrderRequest".
  span_ = Span{.trace_id = outgoing.trace_id,
               .span_id = within.span_id,
               .parent_id = outgoing.span_id,
               .kind = Span::Kind::kClient,
               .name = std::string(absl::StripSuffix(request.full_name(), "Request")),
               .start = absl::Now(),
               .duration = absl::ZeroDuration()};
}

void PeerSpan::End(const grpc::Status& status) {
  if (!span_.has_value()) return;
  span_->duration = absl::Now() - span_->start;
  const absl::Status received = FromGrpc(status);
  span_->code = received.code();
  if (!received.ok()) span_->reason = DetailsOf(received).reason;
  SpanSink::OfProcess()->Record(*span_);
}

absl::Status FromPeer(const grpc::Status& status) {
  const absl::Status received = FromGrpc(status);
  switch (received.code()) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnimplemented:
      return absl::InternalError(
          absl::StrCat("a peer refused our own call: ", received.message(), " (", DetailsOf(received).reason, ")"));
    case absl::StatusCode::kCancelled:
      return absl::UnavailableError(absl::StrCat("a call to a peer was cut off: ", received.message()));
    default:
      return received;
  }
}

}  // namespace countersign::rpc
