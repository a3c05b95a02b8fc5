// ActivateOrder: a confirmed order starts its subscriptions and opens its first invoice, once.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_HANDLERS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/activation.h"
#include "billing-service/src/store/activation_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_service.pb.h"

namespace countersign::billing {

struct ActivateOrder {
  Uuid tenant;  // The billing account.
  ConfirmedOrder order;
};

// What only a confirmation knows (start, time, customer) may be left out with validate_only; the start is today then.
absl::StatusOr<ActivateOrder> ParseActivateOrder(const rpc::Call& call, const v1::ActivateOrderRequest& request);

class ActivationHandlers {
 public:
  // All must outlive the handlers.
  ActivationHandlers(const ActivationStore& activations, const BillingAccountStore& accounts,
                     const SubscriptionStore& subscriptions)
      : activations_(activations), accounts_(accounts), subscriptions_(subscriptions) {}

  absl::StatusOr<v1::ActivateOrderResponse> Activate(const rpc::Call& call, const ActivateOrder& command) const;

 private:
  const ActivationStore& activations_;
  const BillingAccountStore& accounts_;
  const SubscriptionStore& subscriptions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_HANDLERS_H_
