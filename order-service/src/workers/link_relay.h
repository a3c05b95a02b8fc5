// Tells link-service what became of an order, so that its pages say so.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_LINK_RELAY_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_LINK_RELAY_H_

#include "common/events/relay.h"
#include "order-service/src/clients/link_client.h"

namespace countersign::order {

// The consumer "link" of this service's log: every event that ended a link → ApplyOrderOutcome. `links` must outlive
// it.
events::Consumer LinkConsumer(LinkClient& links);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_LINK_RELAY_H_
