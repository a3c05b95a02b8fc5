#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_DRAFT_TASK_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_DRAFT_TASK_H_

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// How long a draft that nobody changes is kept.
inline constexpr absl::Duration kDraftRetention = absl::Hours(180 * 24);

// Cancels drafts that nobody has changed for that long, one transaction each, and says why. Orders are never deleted.
// All must outlive the task.
events::BucketTask DraftTask(const OrderStore& orders, events::Committer& committer, const Clock& clock);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_WORKERS_DRAFT_TASK_H_
