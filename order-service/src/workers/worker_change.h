// The change that relays and workers commit: a new version of an order with its event, no stored reply.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_WORKER_CHANGE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_WORKER_CHANGE_H_

#include "absl/strings/string_view.h"
#include "common/events/change.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

inline constexpr char kServiceName[] = "order-service";

// The change from `before` to `after`, made at after.update_time; the new version is its natural key. `reason` is for
// the record.
events::Change WorkerChange(absl::string_view type, const Order& before, const Order& after,
                            absl::string_view reason = "");

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_WORKER_CHANGE_H_
