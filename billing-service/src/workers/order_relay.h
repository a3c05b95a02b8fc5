// Tells order-service how parked activations ended.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_ORDER_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_ORDER_RELAY_H_

#include "billing-service/src/clients/order_client.h"
#include "common/events/relay.h"

namespace countersign::billing {

// The consumer "orders" of this service's log: ACTIVATION_RETRIED and ACTIVATION_ABANDONED → ApplyActivationOutcome.
// `orders` must outlive the relay that it is given to.
events::Consumer OrderConsumer(OrderClient& orders);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_ORDER_RELAY_H_
