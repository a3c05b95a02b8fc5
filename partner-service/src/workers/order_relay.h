// Tells order-service of every change of a partner: it keeps its own copy of the state for the moment of Confirm. And
// of every customer that was erased.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_WORKERS_ORDER_RELAY_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_WORKERS_ORDER_RELAY_H_

#include "common/events/relay.h"
#include "partner-service/src/clients/order_client.h"

namespace countersign::partner {

// The consumer "order" of this service's log. `orders` must outlive it.
events::Consumer OrderConsumer(OrderClient& orders);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_WORKERS_ORDER_RELAY_H_
