#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_EXPIRY_TASK_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_EXPIRY_TASK_H_

#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Marks waiting orders EXPIRED that were not confirmed in time, one transaction each. Confirm itself looks at the
// clock, so a late worker lets nothing through. All must outlive the task.
events::BucketTask ExpiryTask(const OrderStore& orders, events::Committer& committer, const Clock& clock);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_EXPIRY_TASK_H_
