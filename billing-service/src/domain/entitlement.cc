#include "billing-service/src/domain/entitlement.h"

#include <algorithm>

namespace countersign::billing {

std::optional<Date> ServeUntil(const Subscription& subscription) {
  if (subscription.state != SubscriptionState::kActive && subscription.state != SubscriptionState::kPastDue) {
    return std::nullopt;
  }
  // Seats that were just added are served before their first line; before any line it is the trial that is served.
  Date until = subscription.anchor;
  for (const Tranche& tranche : subscription.tranches) {
    if (tranche.quantity > 0) until = std::max(until, tranche.billed_until);
  }
  return until;
}

}  // namespace countersign::billing
