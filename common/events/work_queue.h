// The buckets that wait to be worked on: woken at once or after a pause, each by one thread at a time.
#ifndef COUNTERSIGN_COMMON_EVENTS_WORK_QUEUE_H_
#define COUNTERSIGN_COMMON_EVENTS_WORK_QUEUE_H_

#include <array>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/monotonic.h"

namespace countersign::events {

// The outcome of a turn of work on one bucket.
struct Turn {
  bool progress = false;  // Something was sealed, delivered or set aside.
  bool waits = false;     // Something is left that had to wait.
  bool fenced = false;    // The bucket turned out to be held under another epoch.
};

// Thread-safe.
class WorkQueue {
 public:
  explicit WorkQueue(MonotonicClock now = MonotonicNow) : now_(std::move(now)) {}

  // Has the bucket taken as soon as a thread is free; once more when it is being worked on just now.
  void Wake(int bucket);

  // The same after a pause. Of several pauses of a bucket the one that ends first counts, and a Wake does not end it.
  void WakeAfter(int bucket, absl::Duration pause);

  // Waits for a bucket that is due and that no other thread has. nullopt after Stop.
  std::optional<int> Take();

  // The same without waiting: nullopt when nothing is due.
  std::optional<int> TakeDue();

  // To be called by the thread that took the bucket.
  void Done(int bucket);

  // Nobody works on the bucket just now, nor is it due to be worked on.
  bool IsIdle(int bucket) const;

  // Ends every Take, present and future.
  void Stop();

 private:
  struct Slot {
    bool queued = false;
    bool busy = false;
    bool again = false;  // Woken while busy.
    absl::Duration due = absl::InfiniteDuration();
  };
  // A thread that waits in Take.
  struct Waiter {
    absl::CondVar called;
    bool up = false;
  };

  // Whether the bucket was not waiting already.
  bool Queue(int bucket) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<int> TakeQueued() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Queues what is due; returns when the next pause ends.
  absl::Duration QueueDue(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Calls the thread that came last to wait; the one that waits for the next pause only where there is no other.
  void CallOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const MonotonicClock now_;
  mutable absl::Mutex mutex_;
  // Each thread is called by itself, and one alone waits for the next pause to end: were all to wait for it, every
  // pause would wake them all.
  std::vector<Waiter*> idle_ ABSL_GUARDED_BY(mutex_);
  Waiter* watcher_ ABSL_GUARDED_BY(mutex_) = nullptr;
  absl::Duration watched_until_ ABSL_GUARDED_BY(mutex_);
  std::array<Slot, kBuckets> slots_ ABSL_GUARDED_BY(mutex_);
  std::deque<int> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_WORK_QUEUE_H_
