#include "order-service/src/workers/draft_task.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/workers/worker_change.h"

namespace countersign::order {
namespace {

constexpr int kDraftBatch = 50;  // The rest comes with the next turn.
constexpr char kWhy[] = "Nobody changed or submitted the draft for 180 days.";

// OK also when somebody changed the draft meanwhile.
absl::Status CancelIdleDraft(const OrderStore& orders, events::Committer& committer, const OrderName& name,
                             absl::Time now, absl::Time deadline) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders.Get(deadline, name));
  const Order& draft = stored.order;
  if (draft.state != OrderState::kDraft || draft.update_time >= now - kDraftRetention) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Order cancelled, draft.Cancel(kWhy, now));
  const absl::Status written = committer.Commit(deadline, WorkerChange("ORDER_CANCELLED", draft, cancelled, kWhy));
  return IsLostRace(written) ? absl::OkStatus() : written;
}

absl::Status CancelIdleDrafts(const OrderStore& orders, events::Committer& committer, int bucket, absl::Time now,
                              absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<OrderName> idle,
                   orders.ListIdleDrafts(deadline, bucket, now - kDraftRetention, kDraftBatch));
  absl::Status first_error;  // One order that fails holds back no other.
  for (const OrderName& name : idle) first_error.Update(CancelIdleDraft(orders, committer, name, now, deadline));
  return first_error;
}

}  // namespace

events::BucketTask DraftTask(const OrderStore& orders, events::Committer& committer, const Clock& clock) {
  return {
      .name = "drafts",
      .interval = absl::Hours(1),
      .run = [&](int bucket,
                 absl::Time deadline) { return CancelIdleDrafts(orders, committer, bucket, clock.Now(), deadline); },
      .due = [&](absl::Time deadline) { return orders.ListIdleDraftBuckets(deadline, clock.Now() - kDraftRetention); },
      .runs_only_when_due = true};
}

}  // namespace countersign::order
