// Runs one recurring task on every bucket that this replica holds.
#ifndef COUNTERSIGN_COMMON_EVENTS_TASK_RUNNER_H_
#define COUNTERSIGN_COMMON_EVENTS_TASK_RUNNER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/lease.h"
#include "common/events/relay.h"
#include "common/events/work_queue.h"

namespace countersign::events {

// Thread-safe for different buckets.
class TaskRunner {
 public:
  TaskRunner(const Leases& leases, BucketTask task, MonotonicClock now);

  const std::string& name() const { return task_.name; }
  int threads() const { return task_.threads; }
  // The buckets that have something due by the business clock. Errors: those of BucketTask::due.
  absl::StatusOr<std::vector<int>> DueBuckets(absl::Time deadline) const;
  WorkQueue& queue() { return queue_; }

  // Of a task that runs only when due: wakes the buckets that are, once an interval. Called from one thread at a time.
  absl::Status Poll(absl::Time deadline);

  // Runs the task on the bucket, if it is held. Unless the task runs only when due, the queue is asked for the next
  // turn after the task's interval.
  Turn Work(int bucket);

 private:
  const Leases& leases_;
  const BucketTask task_;
  const MonotonicClock now_;
  absl::Duration poll_at_ = -absl::InfiniteDuration();
  WorkQueue queue_;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_TASK_RUNNER_H_
