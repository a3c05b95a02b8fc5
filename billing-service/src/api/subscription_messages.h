// Subscriptions as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_MESSAGES_H_

#include <string>

#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/cancellation_credit.h"
#include "billing-service/src/domain/subscription.h"
#include "countersign/billing/v1/subscription.pb.h"

namespace countersign::billing {

v1::Subscription ToProto(const Subscription& subscription);

// The cancellation in money.
v1::Subscription::Cancellation ToProto(const Cancellation& cancellation, const CancellationCredit& credit);

// The payload of the event that made this version.
v1::SubscriptionEvent EventOf(const Subscription& subscription);

// "partners/{partner}/orders/{order}"
std::string OrderNameOf(const OrderReference& order);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_MESSAGES_H_
