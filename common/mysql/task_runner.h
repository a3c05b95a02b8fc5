// Runs one recurring task on every bucket that this replica holds.
#ifndef COUNTERSIGN_COMMON_MYSQL_TASK_RUNNER_H_
#define COUNTERSIGN_COMMON_MYSQL_TASK_RUNNER_H_

#include <string>

#include "common/mysql/lease.h"
#include "common/mysql/relay.h"
#include "common/mysql/work_queue.h"

namespace countersign::mysql {

// Thread-safe for different buckets.
class TaskRunner {
 public:
  TaskRunner(const Leases& leases, BucketTask task);

  const std::string& name() const { return task_.name; }
  WorkQueue& queue() { return queue_; }

  // Runs the task on the bucket, if it is held, and asks the queue for the next turn after the task's interval. A
  // bucket that comes back later must be woken again.
  Turn Work(int bucket);

 private:
  const Leases& leases_;
  const BucketTask task_;
  WorkQueue queue_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_TASK_RUNNER_H_
