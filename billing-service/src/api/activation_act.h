// The act that ActivateOrder and RetryActivation share: read, decide, and gather the rows to write.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_ACT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_ACT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/activation.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "billing-service/src/store/transfer_code_store.h"
#include "common/events/change.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// Thread-safe.
class ActivationAct {
 public:
  // All must outlive the act.
  ActivationAct(const BillingAccountStore& accounts, const SubscriptionStore& subscriptions,
                const TransferCodeStore& transfer_codes, const PastBuyerStore& past_buyers)
      : accounts_(accounts),
        subscriptions_(subscriptions),
        transfer_codes_(transfer_codes),
        past_buyers_(past_buyers) {}

  // The change that the order's activation today would write. Reserves the number of a new account, unless the call
  // only validates. Errors: those of billing::Activate and of the stores.
  absl::StatusOr<ActivationResult> Decide(const rpc::Call& call, const ConfirmedOrder& order) const;

  // The account's event, and one of each subscription, invoice and transfer code.
  static std::vector<events::Event> EventsOf(const rpc::Call& call, const ActivationResult& result,
                                             const ConfirmedOrder& order);

 private:
  const BillingAccountStore& accounts_;
  const SubscriptionStore& subscriptions_;
  const TransferCodeStore& transfer_codes_;
  const PastBuyerStore& past_buyers_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_ACT_H_
