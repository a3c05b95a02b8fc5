// Tells billing-service of every change of a partner: the fees of a suspended partner are held, and a terminated one
// earns no more.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_WORKERS_BILLING_RELAY_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_WORKERS_BILLING_RELAY_H_

#include "common/events/relay.h"
#include "partner-service/src/clients/billing_client.h"

namespace countersign::partner {

// The consumer "billing" of this service's log. `billing` must outlive it.
events::Consumer BillingConsumer(BillingClient& billing);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_WORKERS_BILLING_RELAY_H_
