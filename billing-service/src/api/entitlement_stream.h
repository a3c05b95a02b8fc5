// One stream of WatchEntitlements.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_STREAM_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_STREAM_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/event_api/event_pump.h"
#include "common/event_api/feed_stream.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/entitlement_service.pb.h"
#include "grpcpp/server_context.h"

namespace countersign::billing {

// Events come from the pump, and a thread of ours, which holds the stream meanwhile, makes entitlements of them.
class EntitlementStream final : public event_api::FeedStream<v1::EntitlementChange> {
 public:
  // `work` asks the thread of ours to work for the stream.
  EntitlementStream(const rpc::Endpoint& endpoint, event_api::EventPump& pump, grpc::CallbackServerContext& context,
                    const v1::WatchEntitlementsRequest& request, Hook work, Hook forget)
      : FeedStream(endpoint, pump, std::move(forget)), context_(context), request_(request), work_(std::move(work)) {}

  // For the thread of ours.
  using FeedStream::call;
  using FeedStream::is_admitted;
  grpc::CallbackServerContext& context() { return context_; }
  const v1::WatchEntitlementsRequest& request() const { return request_; }
  // The events to work on; none: it has ended meanwhile.
  std::vector<event_api::FeedItem> Events();
  // Takes the result of that work: changes to write, or the error that ends the stream.
  void Worked(absl::StatusOr<std::vector<v1::EntitlementChange>> changes);

  void Take(std::vector<event_api::FeedItem> items) override;

 private:
  grpc::CallbackServerContext& context_;
  const v1::WatchEntitlementsRequest& request_;
  const Hook work_;
  std::vector<event_api::FeedItem> events_;  // The pump gives no more before they are worked on.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_STREAM_H_
