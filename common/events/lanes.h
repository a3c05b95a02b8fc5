// The lanes of a relay: queues of buckets, each with its own work and the threads that do it.
#ifndef COUNTERSIGN_COMMON_EVENTS_LANES_H_
#define COUNTERSIGN_COMMON_EVENTS_LANES_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/work_queue.h"

namespace countersign::events {

// Thread-safe, but for Add, which comes first, and Stop, which comes last.
class Lanes {
 public:
  enum class Kind { kLog, kTask };  // Seals or delivers the log; runs a recurring task.

  // `on_fenced` is called after a turn whose bucket was held under another epoch, before the bucket's next turn.
  explicit Lanes(std::function<void()> on_fenced) : on_fenced_(std::move(on_fenced)) {}

  // `queue` must outlive the lanes. `work` is given its buckets, in so many threads once started.
  void Add(Kind kind, WorkQueue& queue, int threads, std::function<Turn(int bucket)> work);

  void Start();
  // Returns when all threads have ended. A turn that has begun is finished.
  void Stop();

  // In the thread that calls, until nothing is due.
  void WorkOnAllThatIsDue();

  // Until no lane has anything to do, and no delivery waits. Error: DEADLINE_EXCEEDED.
  absl::Status Rest(absl::Time deadline);

  // Whether the last turn of a task, on any bucket, left something that had to wait.
  bool AnyTaskFailed() const;

  // No lane works on the bucket or is about to.
  bool IsIdle(int bucket) const;

 private:
  struct Lane {
    Kind kind;
    WorkQueue* queue;
    int threads;
    std::function<Turn(int bucket)> work;
    // Of each bucket, whether its last turn left something that had to wait.
    std::unique_ptr<std::array<std::atomic<bool>, kBuckets>> waits =
        std::make_unique<std::array<std::atomic<bool>, kBuckets>>();
  };

  void Work(const Lane& lane, int bucket);
  bool IsAtRest() const;

  const std::function<void()> on_fenced_;
  std::vector<Lane> lanes_;
  std::vector<std::thread> threads_;

  absl::Mutex mutex_;
  absl::CondVar turns_changed_;
  int64_t turns_ ABSL_GUARDED_BY(mutex_) = 0;  // That have ended.
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LANES_H_
