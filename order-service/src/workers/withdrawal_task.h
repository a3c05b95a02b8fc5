#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_WITHDRAWAL_TASK_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_WITHDRAWAL_TASK_H_

#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "order-service/src/store/order_store.h"
#include "order-service/src/store/withdrawal_store.h"

namespace countersign::order {

inline constexpr char kWithdrawalTask[] = "withdrawal";  // Its name, for Relay::WakeTask.

// Withdraws the waiting orders of partners that are, or were since, not active: CANCELLED with the reason, one
// transaction each. A turn takes all there are, within its deadline, and passes over those that fail. Confirm itself
// looks at the partner's state, so a late worker lets nothing through. All must outlive the task.
events::BucketTask WithdrawalTask(const WithdrawalStore& withdrawals, const OrderStore& orders,
                                  events::Committer& committer, const Clock& clock);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_WITHDRAWAL_TASK_H_
