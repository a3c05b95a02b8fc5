#include "billing-service/src/api/subscription_handlers.h"

#include <optional>
#include <vector>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"

namespace countersign::billing {

absl::StatusOr<GetSubscription> ParseGetSubscription(const rpc::Call&, const v1::GetSubscriptionRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kSubscriptionName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  return GetSubscription{ids[0], ids[1]};
}

absl::StatusOr<v1::Subscription> SubscriptionHandlers::Get(const rpc::Call& call,
                                                           const GetSubscription& command) const {
  ASSIGN_OR_RETURN(const std::optional<Subscription> subscription,
                   subscriptions_.Find(call.deadline(), command.account, command.subscription));
  if (!subscription.has_value()) {
    return NotFound("SUBSCRIPTION_NOT_FOUND", "there is no such subscription",
                    {{"subscription", rpc::FormatName(kSubscriptionName, {command.account, command.subscription})}});
  }
  return ToProto(*subscription);
}

}  // namespace countersign::billing
