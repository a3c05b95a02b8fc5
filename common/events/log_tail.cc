#include "common/events/log_tail.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace countersign::events {
namespace {

constexpr size_t kAlwaysKept = 100;  // Of a bucket.
constexpr size_t kKeptInAll = kAlwaysKept * kBuckets;

}  // namespace

LogTail::LogTail(int readers) {
  absl::MutexLock lock(&mutex_);
  for (Slot& slot : slots_) slot.passed.assign(readers, 0);
}

void LogTail::Reset(int bucket, int64_t head) {
  absl::MutexLock lock(&mutex_);
  slots_[bucket].head = head;
  Clear(slots_[bucket]);
}

void LogTail::Forget(int bucket) {
  absl::MutexLock lock(&mutex_);
  slots_[bucket].head = std::nullopt;
  Clear(slots_[bucket]);
}

void LogTail::Append(int bucket, const std::vector<Event>& events) {
  if (events.empty()) return;
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[bucket];
  slot.head = events.back().position;
  slot.events.insert(slot.events.end(), events.begin(), events.end());
  kept_ += events.size();
  Trim(slot);
}

std::optional<std::vector<Event>> LogTail::After(int bucket, int64_t after, int limit) const {
  absl::MutexLock lock(&mutex_);
  const Slot& slot = slots_[bucket];
  if (!slot.head.has_value()) return std::nullopt;
  if (after >= *slot.head) return std::vector<Event>();
  if (slot.events.empty() || slot.events.front().position > after + 1) return std::nullopt;
  const int64_t skip = after + 1 - slot.events.front().position;
  const int64_t count = std::min<int64_t>(limit, static_cast<int64_t>(slot.events.size()) - skip);
  return std::vector<Event>(slot.events.begin() + skip, slot.events.begin() + skip + count);
}

void LogTail::Passed(int bucket, int reader, int64_t position) {
  absl::MutexLock lock(&mutex_);
  slots_[bucket].passed[reader] = position;
  Trim(slots_[bucket]);
}

void LogTail::Clear(Slot& slot) {
  kept_ -= slot.events.size();
  slot.events.clear();
}

void LogTail::Trim(Slot& slot) {
  int64_t passed = std::numeric_limits<int64_t>::max();
  for (const int64_t position : slot.passed) passed = std::min(passed, position);
  const auto is_over = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return kept_ > kKeptInAll && slot.events.size() > kAlwaysKept;
  };
  while (!slot.events.empty() && (slot.events.front().position <= passed || is_over())) {
    slot.events.pop_front();
    --kept_;
  }
}

}  // namespace countersign::events
