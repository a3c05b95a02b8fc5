#include "order-service/src/workers/expiry_task.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/workers/worker_change.h"

namespace countersign::order {
namespace {

constexpr int kBatch = 50;  // The rest comes with the next turn.

// OK also when somebody else decided the order meanwhile.
absl::Status ExpireOne(const OrderStore& orders, events::Committer& committer, const OrderName& name, absl::Time now,
                       absl::Time deadline) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders.Get(deadline, name));
  const absl::StatusOr<Order> expired = stored.order.Expire(now);
  if (!expired.ok()) return absl::OkStatus();
  const absl::Status written = committer.Commit(deadline, WorkerChange("ORDER_EXPIRED", stored.order, *expired));
  return IsLostRace(written) ? absl::OkStatus() : written;
}

absl::Status ExpireBucket(const OrderStore& orders, events::Committer& committer, int bucket, absl::Time now,
                          absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<OrderName> overdue, orders.ListOverdue(deadline, bucket, now, kBatch));
  absl::Status first_error;  // One order that fails holds back no other.
  for (const OrderName& name : overdue) first_error.Update(ExpireOne(orders, committer, name, now, deadline));
  return first_error;
}

}  // namespace

events::BucketTask ExpiryTask(const OrderStore& orders, events::Committer& committer, const Clock& clock) {
  return {.name = "expiry",
          .interval = absl::Seconds(5),
          .run = [&](int bucket,
                     absl::Time deadline) { return ExpireBucket(orders, committer, bucket, clock.Now(), deadline); },
          .due = [&](absl::Time deadline) { return orders.ListOverdueBuckets(deadline, clock.Now()); },
          .runs_only_when_due = true};
}

}  // namespace countersign::order
