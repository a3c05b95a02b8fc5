// Has confirmed orders activated: the customer's confirmation never waits for billing.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_BILLING_RELAY_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_BILLING_RELAY_H_

#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// The consumer "billing" of this service's log: ORDER_CONFIRMED → ActivateOrder → COMPLETED. Where the partner may have
// sold to itself, the fees of what was activated are held (SetFeeHold). All must outlive it.
events::Consumer BillingConsumer(const OrderStore& orders, events::Committer& committer, BillingClient& billing,
                                 const Clock& clock);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_BILLING_RELAY_H_
