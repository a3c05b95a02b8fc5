// Entitlements as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_MESSAGES_H_

#include <string>
#include <vector>

#include "billing-service/src/domain/subscription.h"
#include "countersign/billing/v1/entitlement.pb.h"

namespace countersign::billing {

// `provided`: the names of the offers to provide.
v1::Entitlement EntitlementOf(const Subscription& subscription, const std::vector<std::string>& provided);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_MESSAGES_H_
