// WatchEntitlements: the log's events of subscriptions, each with the entitlement that they lead to.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_FEED_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_FEED_H_

#include <deque>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "billing-service/src/api/entitlement_stream.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/event_api/event_pump.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/entitlement_service.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace countersign::billing {

inline constexpr size_t kMaxEntitlementStreams = 100;  // At one server.

// Thread-safe. A stream costs memory and no thread: one thread works for all of them, and reads subscriptions and the
// catalogue.
class EntitlementFeed {
 public:
  // All must outlive the feed, which must outlive the server.
  EntitlementFeed(const rpc::Endpoint& endpoint, mysql::Database& database, const SubscriptionStore& subscriptions,
                  OrderClient& orders);
  ~EntitlementFeed() { Stop(); }

  grpc::ServerWriteReactor<v1::EntitlementChange>* Watch(grpc::CallbackServerContext& context,
                                                         const v1::WatchEntitlementsRequest& request);

  // Ends every stream with UNAVAILABLE, and refuses new ones. Idempotent.
  void Stop();

 private:
  void Run();
  void WorkOn(const std::shared_ptr<EntitlementStream>& stream);
  void Admit(const std::shared_ptr<EntitlementStream>& stream);
  // The entitlements that these events led to, as they are now; of several events of a subscription the last counts.
  absl::StatusOr<std::vector<v1::EntitlementChange>> ChangesOf(EntitlementStream& stream);
  void Enqueue(const event_api::FeedReader* stream);
  void Forget(const event_api::FeedReader* stream);

  const rpc::Endpoint& endpoint_;
  const SubscriptionStore& subscriptions_;
  OrderClient& orders_;
  event_api::EventPump pump_;

  absl::Mutex mutex_;
  std::map<const event_api::FeedReader*, std::shared_ptr<EntitlementStream>> streams_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<EntitlementStream>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_FEED_H_
