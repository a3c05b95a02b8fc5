// Tells order-service how parked activations ended, and which subscriptions are no longer as a waiting change found
// them.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_ORDER_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_ORDER_RELAY_H_

#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/events/relay.h"

namespace countersign::billing {

// The consumer "orders" of this service's log: ACTIVATION_RETRIED and ACTIVATION_ABANDONED → ApplyActivationOutcome;
// what changes a subscription's state or term → ExpireWaitingChange, for each partner that is or was of record. Both
// must outlive the relay that it is given to.
events::Consumer OrderConsumer(OrderClient& orders, const SubscriptionStore& subscriptions);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_ORDER_RELAY_H_
