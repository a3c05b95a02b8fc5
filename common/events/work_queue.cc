#include "common/events/work_queue.h"

#include <algorithm>
#include <optional>

namespace countersign::events {

void WorkQueue::Wake(int bucket) {
  absl::MutexLock lock(&mutex_);
  if (Queue(bucket)) CallOne();
}

bool WorkQueue::Queue(int bucket) {
  Slot& slot = slots_[bucket];
  if (slot.busy) slot.again = true;
  if (slot.busy || slot.queued) return false;
  slot.queued = true;
  queue_.push_back(bucket);
  return true;
}

void WorkQueue::WakeAfter(int bucket, absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[bucket];
  const absl::Duration due = now_() + pause;
  if (due >= slot.due) return;
  slot.due = due;
  if (watcher_ == nullptr) {
    CallOne();
  } else if (due < watched_until_) {
    watcher_->called.Signal();
  }
}

void WorkQueue::CallOne() {
  Waiter* called = watcher_;
  if (!idle_.empty()) {
    called = idle_.back();
    idle_.pop_back();
  }
  if (called == nullptr) return;
  called->up = true;
  called->called.Signal();
}

absl::Duration WorkQueue::QueueDue(absl::Duration now) {
  absl::Duration next = absl::InfiniteDuration();
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    Slot& slot = slots_[bucket];
    if (slot.due <= now) {
      slot.due = absl::InfiniteDuration();
      Queue(bucket);
    }
    next = std::min(next, slot.due);
  }
  return next;
}

std::optional<int> WorkQueue::Take() {
  absl::MutexLock lock(&mutex_);
  while (!stopped_) {
    const absl::Duration now = now_();
    const absl::Duration next = QueueDue(now);
    if (const std::optional<int> bucket = TakeQueued()) {
      // Another thread takes the rest of the queue, and watches for the next pause to end.
      if (!queue_.empty() || (watcher_ == nullptr && next != absl::InfiniteDuration())) CallOne();
      return bucket;
    }
    Waiter me;
    if (watcher_ == nullptr) {
      watcher_ = &me;
      watched_until_ = next;
      me.called.WaitWithTimeout(&mutex_, next - now);
      watcher_ = nullptr;
    } else {
      idle_.push_back(&me);
      while (!me.up) me.called.Wait(&mutex_);
    }
  }
  return std::nullopt;
}

std::optional<int> WorkQueue::TakeDue() {
  absl::MutexLock lock(&mutex_);
  QueueDue(now_());
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
  if (Queue(bucket)) CallOne();
}

bool WorkQueue::IsIdle(int bucket) const {
  absl::MutexLock lock(&mutex_);
  return !slots_[bucket].busy && !slots_[bucket].queued;
}

void WorkQueue::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  while (!idle_.empty()) CallOne();
  CallOne();
}

}  // namespace countersign::events
