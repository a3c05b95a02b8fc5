#include "link-service/src/page/view_counter.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/error.h"

namespace countersign::link {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
constexpr absl::Duration kFlushTimeout = absl::Seconds(5);

}  // namespace

void ViewCounter::Count(const Uuid& link_id, absl::Time now, bool by_person) {
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= kMaxWaiting && !waiting_.contains(link_id)) return;
  LinkViews& views = waiting_.try_emplace(link_id, LinkViews{.link_id = link_id}).first->second;
  if (!by_person) {
    ++views.automated;
    return;
  }
  ++views.by_people;
  views.last_by_people = std::max(views.last_by_people.value_or(now), now);
}

void ViewCounter::Record(const Uuid& view_id, events::Change change) {
  absl::MutexLock lock(&mutex_);
  if (records_.size() >= kMaxWaiting) return;
  if (known_.size() >= kMaxWaiting) known_.clear();
  if (known_.insert(view_id).second) records_.push_back(std::move(change));
}

void ViewCounter::FlushRecords(absl::Time deadline) {
  std::vector<events::Change> records;
  {
    absl::MutexLock lock(&mutex_);
    records.swap(records_);
  }
  for (size_t i = 0; i < records.size(); ++i) {
    const absl::Status written = committer_.Commit(deadline, records[i]);
    if (written.ok() || IsLostRace(written)) continue;  // Lost: another replica recorded it.
    // The database is away: what is left is tried again.
    absl::MutexLock lock(&mutex_);
    records_.insert(records_.begin(), std::make_move_iterator(records.begin() + static_cast<std::ptrdiff_t>(i)),
                    std::make_move_iterator(records.end()));
    return;
  }
}

void ViewCounter::Flush(absl::Time deadline) {
  FlushRecords(deadline);
  std::vector<LinkViews> counted;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [link_id, views] : waiting_) counted.push_back(views);
    waiting_.clear();
  }
  links_.CountViews(deadline, counted).IgnoreError();
}

void ViewCounter::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ViewCounter::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void ViewCounter::Run() {
  for (bool last = false; !last;) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kInterval);
      last = stopping_;
    }
    Flush(absl::Now() + kFlushTimeout);
  }
}

}  // namespace countersign::link
