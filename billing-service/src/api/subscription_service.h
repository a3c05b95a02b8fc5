// GetSubscription and ListSubscriptions.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_HANDLERS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/billing_service.pb.h"
#include "countersign/billing/v1/subscription.pb.h"

namespace countersign::billing {

struct GetSubscription {
  Uuid account;
  Uuid subscription;
};

absl::StatusOr<GetSubscription> ParseGetSubscription(const rpc::Call& call, const v1::GetSubscriptionRequest& request);

struct ListSubscriptions {
  Uuid account;
  rpc::Listing list;
};

absl::StatusOr<ListSubscriptions> ParseListSubscriptions(const rpc::Call& call,
                                                         const v1::ListSubscriptionsRequest& request);

class SubscriptionHandlers {
 public:
  explicit SubscriptionHandlers(const SubscriptionStore& subscriptions) : subscriptions_(subscriptions) {}

  absl::StatusOr<v1::Subscription> Get(const rpc::Call& call, const GetSubscription& command) const;
  absl::StatusOr<v1::ListSubscriptionsResponse> List(const rpc::Call& call, const ListSubscriptions& command) const;

 private:
  const SubscriptionStore& subscriptions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_HANDLERS_H_
