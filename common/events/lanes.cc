#include "common/events/lanes.h"

#include <algorithm>
#include <optional>

namespace countersign::events {

void Lanes::Add(Kind kind, WorkQueue& queue, int threads, std::function<Turn(int bucket)> work) {
  lanes_.push_back({kind, &queue, threads, std::move(work)});
}

void Lanes::Start() {
  for (const Lane& lane : lanes_) {
    for (int i = 0; i < lane.threads; ++i) {
      threads_.emplace_back([this, &lane] {
        while (const std::optional<int> bucket = lane.queue->Take()) Work(lane, *bucket);
      });
    }
  }
}

void Lanes::Stop() {
  for (const Lane& lane : lanes_) lane.queue->Stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Lanes::Work(const Lane& lane, int bucket) {
  const Turn turn = lane.work(bucket);
  if (turn.fenced) on_fenced_();
  (*lane.waits)[bucket] = turn.waits;
  lane.queue->Done(bucket);
  const absl::MutexLock lock(&mutex_);
  ++turns_;
  turns_changed_.SignalAll();
}

void Lanes::WorkOnAllThatIsDue() {
  bool worked = true;
  while (std::exchange(worked, false)) {
    for (const Lane& lane : lanes_) {
      while (const std::optional<int> bucket = lane.queue->TakeDue()) {
        Work(lane, *bucket);
        worked = true;
      }
    }
  }
}

bool Lanes::IsAtRest() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) {
    for (int bucket = 0; bucket < kBuckets; ++bucket) {
      if (!lane.queue->IsIdle(bucket) || (lane.kind == Kind::kLog && (*lane.waits)[bucket])) return false;
    }
    return true;
  });
}

// A turn that gives another lane work ends after the lane was woken: if none has ended while all were looked at, none
// was missed.
absl::Status Lanes::Rest(absl::Time deadline) {
  while (true) {
    int64_t turns = 0;
    {
      const absl::MutexLock lock(&mutex_);
      turns = turns_;
    }
    const bool at_rest = IsAtRest();
    const absl::MutexLock lock(&mutex_);
    if (turns_ == turns && at_rest) return absl::OkStatus();
    while (turns_ == turns) {
      if (turns_changed_.WaitWithDeadline(&mutex_, deadline) && turns_ == turns) {
        return absl::DeadlineExceededError("Deliveries still wait.");
      }
    }
  }
}

bool Lanes::AnyTaskFailed() const {
  return std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) {
    return lane.kind == Kind::kTask &&
           std::any_of(lane.waits->begin(), lane.waits->end(), [](const auto& waits) { return waits.load(); });
  });
}

bool Lanes::IsIdle(int bucket) const {
  return std::all_of(lanes_.begin(), lanes_.end(), [bucket](const Lane& lane) { return lane.queue->IsIdle(bucket); });
}

}  // namespace countersign::events
