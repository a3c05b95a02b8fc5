// Entitlements: what is provided to a customer. Source of the rules: docs/domain.md, Entitlements.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ENTITLEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ENTITLEMENT_H_

#include <optional>

#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"

namespace countersign::billing {

// The first day that is not served as things are now: the end of what is invoiced, or of the trial. nullopt while
// nothing is served, and for a subscription that has ended.
std::optional<Date> ServeUntil(const Subscription& subscription);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ENTITLEMENT_H_
