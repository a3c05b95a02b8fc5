// The newest sealed events of each bucket in memory, so that what this replica has just sealed need not be read again.
#ifndef COUNTERSIGN_COMMON_EVENTS_LOG_TAIL_H_
#define COUNTERSIGN_COMMON_EVENTS_LOG_TAIL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/events/change.h"

namespace countersign::events {

// Told of a bucket whose log has grown, with the events that were sealed; without any when the bucket has just come
// under this replica's lease, and nothing is known of them. Cheap, from any thread.
using OnSealed = std::function<void(int bucket, const std::vector<Event>& sealed)>;

// Thread-safe. Keeps an event until every reader has passed it: 6,400 of all buckets, and where these are used up, the
// newest 100 of each.
class LogTail {
 public:
  explicit LogTail(int readers);

  // The bucket's log ends at `head`, with events of which nothing is known here.
  void Reset(int bucket, int64_t head);

  // Somebody else may have sealed: where the log ends is not known until the next Reset or Append.
  void Forget(int bucket);

  // These follow on what was there; called by the bucket's only sealer.
  void Append(int bucket, const std::vector<Event>& events);

  // The events after position `after`, in order, at most `limit`; empty when there are none in the log. nullopt when
  // they are not all here: read them from the database.
  std::optional<std::vector<Event>> After(int bucket, int64_t after, int limit) const;

  // The reader needs nothing up to `position` any more.
  void Passed(int bucket, int reader, int64_t position);

 private:
  struct Slot {
    std::optional<int64_t> head;
    std::deque<Event> events;  // Without gaps; the last is at `head`.
    std::vector<int64_t> passed;
  };

  void Clear(Slot& slot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Trim(Slot& slot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::array<Slot, kBuckets> slots_ ABSL_GUARDED_BY(mutex_);
  size_t kept_ ABSL_GUARDED_BY(mutex_) = 0;  // Events in all buckets.
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LOG_TAIL_H_
