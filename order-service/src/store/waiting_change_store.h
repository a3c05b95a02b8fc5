// The one change that may wait for a subscription.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_WAITING_CHANGE_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_WAITING_CHANGE_STORE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// Takes the place of the change that waits for the subscription of the order, which is about to wait. As
// events::Change::also, with the order's row. Error: FAILED_PRECONDITION CHANGE_ALREADY_WAITING, naming the order that
// waits and can still be confirmed at `now`.
std::function<absl::Status(mysql::Connection&)> TakeWaitingChange(const Order& order, absl::Time now);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_WAITING_CHANGE_STORE_H_
