#include "common/events/task_runner.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kTaskTimeout = absl::Seconds(30);

}  // namespace

TaskRunner::TaskRunner(const Leases& leases, BucketTask task, MonotonicClock now)
    : leases_(leases), task_(std::move(task)), queue_(std::move(now)) {}

absl::StatusOr<std::vector<int>> TaskRunner::DueBuckets(absl::Time deadline) const {
  std::vector<int> buckets;
  if (!task_.by_business_clock) return buckets;
  if (task_.due) return task_.due(deadline);
  for (int bucket = 0; bucket < kBuckets; ++bucket) buckets.push_back(bucket);
  return buckets;
}

Turn TaskRunner::Work(int bucket) {
  queue_.WakeAfter(bucket, task_.interval);  // Also of a bucket that lapsed: it may be renewed by then.
  if (!leases_.EpochOf(bucket).has_value()) return Turn{};
  const absl::Status status = task_.run(bucket, absl::Now() + kTaskTimeout);
  if (!status.ok()) {
    Log(Level::kWarning, "task failed",
        {{"task", task_.name}, {"bucket", absl::StrCat(bucket)}, {"error", status.ToString()}});
  }
  return Turn{.progress = status.ok(), .waits = !status.ok()};
}

}  // namespace countersign::events
