// Requests of SubscriptionService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_REQUESTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/subscription.h"
#include "common/rpc/call.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/subscription_service.pb.h"

namespace countersign::billing {

struct SetAutoRenewCommand : rpc::NamedResource {
  bool auto_renew = false;
};

struct CancelSubscriptionCommand : rpc::NamedResource {
  bool now = false;
  CancelPolicy policy = CancelPolicy::kNoCredit;
  std::optional<absl::Time> press_time = {};
  int64_t tranche = 0;  // 0: all seats.
};

struct SuspensionCommand : rpc::NamedResource {
  SuspensionReason suspension = SuspensionReason::kOperator;
};

struct SetPurchaseOrderNumberCommand : rpc::NamedResource {
  int64_t tranche = 0;  // 0: the subscription's.
  std::string number = {};
};

absl::StatusOr<AccountList> ParseListSubscriptions(const rpc::Call& call, const v1::ListSubscriptionsRequest& request);
absl::StatusOr<SetAutoRenewCommand> ParseSetAutoRenew(const rpc::Call& call, const v1::SetAutoRenewRequest& request);
absl::StatusOr<CancelSubscriptionCommand> ParseCancelSubscription(const rpc::Call& call,
                                                                  const v1::CancelSubscriptionRequest& request);
absl::StatusOr<SuspensionCommand> ParseSuspendSubscription(const rpc::Call& call,
                                                           const v1::SuspendSubscriptionRequest& request);
absl::StatusOr<SuspensionCommand> ParseResumeSubscription(const rpc::Call& call,
                                                          const v1::ResumeSubscriptionRequest& request);
absl::StatusOr<SetPurchaseOrderNumberCommand> ParseSetPurchaseOrderNumber(
    const rpc::Call& call, const v1::SetPurchaseOrderNumberRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_REQUESTS_H_
