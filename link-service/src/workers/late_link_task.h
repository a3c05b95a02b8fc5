// Ends links of which nobody has told the end: a crash between IssueLink and the order's commit leaves a link that no
// order names, and a delivery that was given up leaves one whose order has ended.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WORKERS_LATE_LINK_TASK_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WORKERS_LATE_LINK_TASK_H_

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {

// After its expire_time a link is left to order-service for so long, which tells what became of it within seconds.
inline constexpr absl::Duration kLate = absl::Hours(24);

// Asks order-service for the order of each ACTIVE link that is late, and takes over what it says: the link of another
// order is SUPERSEDED, that of an order that still waits stays. All must outlive the task.
events::BucketTask LateLinkTask(const LinkStore& links, OrderClient& orders, events::Committer& committer,
                                const Clock& clock);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WORKERS_LATE_LINK_TASK_H_
