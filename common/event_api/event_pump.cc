#include "common/event_api/event_pump.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace countersign::event_api {
namespace {

constexpr absl::Duration kDatabaseTimeout = absl::Seconds(10);
constexpr absl::Duration kLookEvery = absl::Seconds(1);  // At what other replicas have sealed.
constexpr size_t kTailEvents = 200;

absl::Time DatabaseDeadline() { return absl::Now() + kDatabaseTimeout; }

}  // namespace

EventPump::EventPump(mysql::Database& database) : database_(database) {
  thread_ = std::thread([this] { Run(); });
}

void EventPump::Add(std::shared_ptr<FeedReader> reader, events::FeedCursor cursor) {
  absl::MutexLock lock(&mutex_);
  CountInterest(cursor, 1);
  const FeedReader* const key = reader.get();
  watches_[key] = std::make_shared<Watch>(Watch{.reader = std::move(reader), .cursor = std::move(cursor)});
  look_at_heads_ = work_ = true;
}

void EventPump::Ready(const FeedReader* reader) {
  absl::MutexLock lock(&mutex_);
  const auto watch = watches_.find(reader);
  if (watch == watches_.end()) return;
  watch->second->ready = true;
  work_ = true;
}

void EventPump::Remove(const FeedReader* reader) {
  std::shared_ptr<Watch> removed;  // Outlives the lock, as the reader may go with it.
  absl::MutexLock lock(&mutex_);
  const auto watch = watches_.find(reader);
  if (watch == watches_.end()) return;
  removed = watch->second;
  CountInterest(removed->cursor, -1);
  watches_.erase(watch);
}

void EventPump::Wake(int bucket, const std::vector<events::Event>& sealed) {
  absl::MutexLock lock(&mutex_);
  if (interest_[bucket] == 0) return;
  std::vector<events::Event>& kept = sealed_[bucket];
  if (kept.size() < kTailEvents) kept.insert(kept.end(), sealed.begin(), sealed.end());  // Else they are read.
  grown_[bucket] = work_ = true;
}

void EventPump::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void EventPump::CountInterest(const events::FeedCursor& cursor, int sign) {
  for (int bucket = cursor.first_bucket(); bucket < cursor.end_bucket(); ++bucket) interest_[bucket] += sign;
}

void EventPump::Run() {
  while (AwaitWork()) {
    const absl::Status status = DoWork();
    if (status.ok()) continue;
    Log(Level::kWarning, "watchers wait for the database", {{"error", status.ToString()}});
    absl::MutexLock lock(&mutex_);
    look_at_heads_ = work_ = true;  // What was learned of growth may be lost.
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kLookEvery)) return;
  }
}

bool EventPump::AwaitWork() {
  absl::MutexLock lock(&mutex_);
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return work_ || stopped_; };
  do {
    mutex_.AwaitWithTimeout(absl::Condition(&has_work), next_look_ - events::MonotonicNow());
    // However much there is to do besides; but nothing is looked at without anybody who watches.
    if (events::MonotonicNow() < next_look_) continue;
    next_look_ = events::MonotonicNow() + kLookEvery;
    if (!watches_.empty()) look_at_heads_ = work_ = true;
  } while (!has_work());
  work_ = false;
  return !stopped_;
}

absl::Status EventPump::DoWork() {
  bool look_at_heads = false;
  {
    absl::MutexLock lock(&mutex_);
    std::swap(look_at_heads, look_at_heads_);
  }
  if (look_at_heads) RETURN_IF_ERROR(LookAtHeads());
  std::vector<std::pair<int, std::vector<events::Event>>> grown;
  std::vector<std::shared_ptr<Watch>> ready;
  {
    absl::MutexLock lock(&mutex_);
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
      if (grown_[bucket]) grown.emplace_back(bucket, std::exchange(sealed_[bucket], {}));
    }
    grown_.fill(false);
    for (const auto& [reader, watch] : watches_) {
      if (watch->ready) ready.push_back(watch);
    }
  }
  for (auto& [bucket, sealed] : grown) RETURN_IF_ERROR(GrowTail(bucket, std::move(sealed)));
  bool more = false;
  for (const std::shared_ptr<Watch>& watch : ready) RETURN_IF_ERROR(Serve(*watch, more));
  if (more) {
    absl::MutexLock lock(&mutex_);
    work_ = true;
  }
  return absl::OkStatus();
}

absl::Status EventPump::LookAtHeads() {
  std::vector<std::shared_ptr<Watch>> added;  // Before the heads are read, so that what they know is in them.
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [reader, watch] : watches_) {
      if (!watch->is_known) added.push_back(watch);
    }
  }
  std::array<int64_t, events::kBuckets> heads{};
  std::vector<absl::Status> known;
  RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(heads, events::ReadHeadPositions(reader));
    known.clear();
    for (const std::shared_ptr<Watch>& watch : added) {
      known.push_back(events::CheckKnown(reader, watch->cursor, heads));
      if (!known.back().ok() && !absl::IsFailedPrecondition(known.back())) return known.back();
    }
    return absl::OkStatus();
  }));
  for (size_t i = 0; i < added.size(); ++i) {
    added[i]->is_known = true;
    if (!known[i].ok()) added[i]->reader->End(known[i]);
  }
  absl::MutexLock lock(&mutex_);
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
    Tail& tail = tails_[bucket];
    if (heads[bucket] <= tail.to) continue;
    if (interest_[bucket] > 0 && heads[bucket] - tail.to <= kFeedBatch) {
      grown_[bucket] = true;
    } else {  // Nobody reads it, or it is too far to read all for everybody: who is behind catches up by itself.
      tail = Tail{.from = heads[bucket], .to = heads[bucket], .events = {}};
    }
  }
  return absl::OkStatus();
}

absl::Status EventPump::GrowTail(int bucket, std::vector<events::Event> sealed) {
  const Tail& tail = tails_[bucket];
  int64_t next = tail.to + 1;
  const bool follows = std::all_of(sealed.begin(), sealed.end(),
                                   [&next](const events::Event& event) { return event.position == next++; });
  if (!sealed.empty() && follows) {
    Append(bucket, std::move(sealed));
    return absl::OkStatus();
  }
  events::FeedCursor cursor(std::nullopt);
  cursor.MoveTo(bucket, tail.to);
  std::vector<events::Event> events;
  RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(events, events::ReadFeed(reader, cursor, bucket, kFeedBatch));
    return absl::OkStatus();
  }));
  if (events.size() == kFeedBatch) Wake(bucket, {});  // There may be more.
  Append(bucket, std::move(events));
  return absl::OkStatus();
}

void EventPump::Append(int bucket, std::vector<events::Event> events) {
  Tail& tail = tails_[bucket];
  for (events::Event& event : events) {
    tail.to = event.position;
    tail.events.push_back(std::move(event));
  }
  while (tail.events.size() > kTailEvents) {
    tail.from = tail.events.front().position;
    tail.events.pop_front();
  }
}

bool EventPump::IsBehind(const events::FeedCursor& cursor) const {
  for (int bucket = cursor.first_bucket(); bucket < cursor.end_bucket(); ++bucket) {
    if (cursor.After(bucket) < tails_[bucket].to) return true;
  }
  return false;
}

absl::Status EventPump::Serve(Watch& watch, bool& more) {
  if (!IsBehind(watch.cursor)) return absl::OkStatus();
  Batch batch;
  events::FeedCursor cursor = watch.cursor;
  for (int bucket = cursor.first_bucket(); bucket < cursor.end_bucket(); ++bucket) {
    RETURN_IF_ERROR(Collect(cursor, bucket, batch));
  }
  watch.cursor = std::move(cursor);
  if (batch.items.empty()) {
    more = more || IsBehind(watch.cursor);
    return absl::OkStatus();
  }
  {
    absl::MutexLock lock(&mutex_);
    watch.ready = false;
  }
  watch.reader->Take(std::move(batch.items));
  return absl::OkStatus();
}

absl::Status EventPump::Collect(events::FeedCursor& cursor, int bucket, Batch& batch) {
  const Tail& tail = tails_[bucket];
  const auto add = [&](const events::Event& event) {
    cursor.MoveTo(bucket, event.position, event.seal);
    if (cursor.tenant().has_value() && event.tenant != *cursor.tenant()) return;
    batch.items.push_back({event, cursor.ToToken()});
    batch.bytes += events::BytesOf(event) + batch.items.back().position.size();
  };
  const int room = kFeedBatch - static_cast<int>(batch.items.size());
  if (batch.is_full() || cursor.After(bucket) >= tail.to) return absl::OkStatus();
  if (cursor.After(bucket) < tail.from) {
    std::vector<events::Event> events;
    RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(events, events::ReadFeed(reader, cursor, bucket, room));
      return absl::OkStatus();
    }));
    for (const events::Event& event : events) {
      if (batch.is_full()) return absl::OkStatus();
      add(event);
    }
    // All that was sealed up to the tail's end was there to be read.
    if (events.size() < static_cast<size_t>(room)) cursor.MoveTo(bucket, std::max(cursor.After(bucket), tail.to));
    return absl::OkStatus();
  }
  const auto begin = std::upper_bound(tail.events.begin(), tail.events.end(), cursor.After(bucket),
                                      [](int64_t after, const events::Event& event) { return after < event.position; });
  for (auto event = begin; event != tail.events.end() && !batch.is_full(); ++event) add(*event);
  return absl::OkStatus();
}

}  // namespace countersign::event_api
