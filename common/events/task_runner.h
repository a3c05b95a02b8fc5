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
  // The buckets that have something due by the business clock. Errors: those of BucketTask::due.
  absl::StatusOr<std::vector<int>> DueBuckets(absl::Time deadline) const;
  WorkQueue& queue() { return queue_; }

  // Runs the task on the bucket, if it is held, and asks the queue for the next turn after the task's interval.
  Turn Work(int bucket);

 private:
  const Leases& leases_;
  const BucketTask task_;
  WorkQueue queue_;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_TASK_RUNNER_H_
