#include "common/events/task_runner.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kTaskTimeout = absl::Seconds(30);

}  // namespace

TaskRunner::TaskRunner(const Leases& leases, BucketTask task, MonotonicClock now)
    : leases_(leases), task_(std::move(task)), now_(now), queue_(std::move(now)) {}

absl::StatusOr<std::vector<int>> TaskRunner::DueBuckets(absl::Time deadline) const {
  std::vector<int> buckets;
  if (!task_.by_business_clock) return buckets;
  if (task_.due) return task_.due(deadline);
  for (int bucket = 0; bucket < kBuckets; ++bucket) buckets.push_back(bucket);
  return buckets;
}

absl::Status TaskRunner::Poll(absl::Time deadline) {
  const absl::Duration now = now_();
  if (!task_.runs_only_when_due || now < poll_at_) return absl::OkStatus();
  poll_at_ = now + task_.interval;
  ASSIGN_OR_RETURN(const std::vector<int> due, task_.due(deadline));
  for (const int bucket : due) {
    if (leases_.EpochOf(bucket).has_value()) queue_.Wake(bucket);
  }
  return absl::OkStatus();
}

Turn TaskRunner::Work(int bucket) {
  // Also of a bucket that lapsed: it may be renewed by then.
  if (!task_.runs_only_when_due) queue_.WakeAfter(bucket, task_.interval);
  if (!leases_.EpochOf(bucket).has_value()) return Turn{};
  const absl::Status status = task_.run(bucket, absl::Now() + kTaskTimeout);
  if (!status.ok()) {
    Log(Level::kWarning, "task failed",
        {{"task", task_.name}, {"bucket", absl::StrCat(bucket)}, {"error", status.ToString()}});
  }
  return Turn{.progress = status.ok(), .waits = !status.ok()};
}

}  // namespace countersign::events
