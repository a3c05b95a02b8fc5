#include "common/events/work_queue.h"

#include <algorithm>
#include <optional>

namespace countersign::events {

void WorkQueue::Wake(int bucket) {
  absl::MutexLock lock(&mutex_);
  WakeLocked(bucket);
}

void WorkQueue::WakeLocked(int bucket) {
  Slot& slot = slots_[bucket];
  if (slot.busy) {
    slot.again = true;
  } else if (!slot.queued) {
    slot.queued = true;
    queue_.push_back(bucket);
    changed_.Signal();
  }
}

void WorkQueue::WakeAfter(int bucket, absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[bucket];
  const absl::Duration due = now_() + pause;
  if (due >= slot.due) return;
  slot.due = due;
  changed_.Signal();  // Some thread has to sleep less now.
}

absl::Duration WorkQueue::WakeDue(absl::Duration now) {
  absl::Duration next = absl::InfiniteDuration();
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    Slot& slot = slots_[bucket];
    if (slot.due <= now) {
      slot.due = absl::InfiniteDuration();
      WakeLocked(bucket);
    }
    next = std::min(next, slot.due);
  }
  return next;
}

std::optional<int> WorkQueue::Take() {
  absl::MutexLock lock(&mutex_);
  while (!stopped_) {
    const absl::Duration now = now_();
    const absl::Duration next = WakeDue(now);
    if (const std::optional<int> bucket = TakeQueued()) return bucket;
    changed_.WaitWithTimeout(&mutex_, next - now);
  }
  return std::nullopt;
}

std::optional<int> WorkQueue::TakeDue() {
  absl::MutexLock lock(&mutex_);
  WakeDue(now_());
  return TakeQueued();
}

std::optional<int> WorkQueue::TakeQueued() {
  if (queue_.empty()) return std::nullopt;
  const int bucket = queue_.front();
  queue_.pop_front();
  slots_[bucket].queued = false;
  slots_[bucket].busy = true;
  return bucket;
}

void WorkQueue::Done(int bucket) {
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[bucket];
  slot.busy = false;
  if (!slot.again) return;
  slot.again = false;
  WakeLocked(bucket);
}

bool WorkQueue::IsIdle(int bucket) const {
  absl::MutexLock lock(&mutex_);
  return !slots_[bucket].busy && !slots_[bucket].queued;
}

void WorkQueue::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  changed_.SignalAll();
}

}  // namespace countersign::events
