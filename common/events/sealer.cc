#include "common/events/sealer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/mysql/gather.h"
#include "common/mysql/read.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kDatabaseTimeout = absl::Seconds(10);
constexpr size_t kWorthWaiting = 16;  // Events.
constexpr absl::Duration kPatience = absl::Milliseconds(500);
constexpr size_t kRememberedAggregates =
    4096;  // Of a bucket; then it starts anew, which costs a statement now and then.

// By the index of positions, which has all of these columns. Nearly always there are none, however long the log is.
constexpr absl::string_view kSelectUnsealedIn =
    "SELECT tenant_id, aggregate_id, version FROM events WHERE position IS NULL AND bucket IN (";
constexpr int kMostUnsealed = 1000;  // Where there are more, every event waits.

Event Sealed(const Placing& placing) {
  Event event = *placing.event;
  event.position = placing.place->position;
  event.seal = placing.place->seal;
  return event;
}

}  // namespace

Sealer::Sealer(mysql::Database& database, const Leases& leases, LogTail& tail, OnSealed on_sealed,
               std::function<void(int bucket)> wake)
    : database_(database), leases_(leases), tail_(tail), on_sealed_(std::move(on_sealed)), wake_(std::move(wake)) {}

bool Sealer::Take(int bucket, bool want, absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[bucket];
  const auto is_free = [&slot]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return !slot.taken; };
  if (patience > absl::ZeroDuration()) mutex_.AwaitWithTimeout(absl::Condition(&is_free), patience);
  if (slot.taken) {
    slot.wanted = slot.wanted || want;
    return false;
  }
  slot = {.taken = true};
  return true;
}

void Sealer::GiveBack(int bucket) {
  bool wanted = false;
  {
    absl::MutexLock lock(&mutex_);
    wanted = slots_[bucket].wanted;
    slots_[bucket] = {};
  }
  if (wanted) wake_(bucket);
}

Turn Sealer::Work(int bucket) {
  if (!Take(bucket, /*want=*/true)) return {};
  const Turn turn = WorkTaken(bucket);
  GiveBack(bucket);
  return turn;
}

Turn Sealer::WorkTaken(int bucket) {
  Turn turn;
  Bucket& state = buckets_[bucket];
  while (true) {
    const std::optional<int64_t> epoch = leases_.EpochOf(bucket);
    if (!epoch.has_value()) return turn;
    if (state.epoch != *epoch) {
      if (const absl::Status status = ReadHeadOf(bucket, *epoch); !status.ok()) return Fail(bucket, status);
    }
    const absl::StatusOr<std::vector<Event>> sealed =
        SealBucket(database_, absl::Now() + kDatabaseTimeout, bucket, *epoch, state.head);
    if (!sealed.ok()) return Fail(bucket, sealed.status());
    if (sealed->empty()) return turn;
    turn.progress = true;
    tail_.Append(bucket, *sealed);
    on_sealed_(bucket, *sealed);
    if (sealed->size() < kSealBatch) return turn;
  }
}

absl::Status Sealer::ReadHeadOf(int bucket, int64_t epoch) {
  Bucket& state = buckets_[bucket];
  RETURN_IF_ERROR(database_.Read(absl::Now() + kDatabaseTimeout, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(state.head, ReadHead(reader, bucket));
    return absl::OkStatus();
  }));
  state.epoch = epoch;
  state.sealed.clear();
  tail_.Reset(bucket, state.head.position);
  on_sealed_(bucket, {});
  return absl::OkStatus();
}

void Sealer::Forget(int bucket) {
  buckets_[bucket] = Bucket{};
  tail_.Forget(bucket);
}

Turn Sealer::Fail(int bucket, const absl::Status& status) {
  Forget(bucket);  // Whether the seals were written is not known: read the head again.
  if (!IsLostRace(status)) {
    Log(Level::kWarning, "sealing failed", {{"bucket", absl::StrCat(bucket)}, {"error", status.ToString()}});
  }
  return Turn{.waits = true, .fenced = IsLostRace(status)};
}

std::vector<bool> Sealer::MustWait(const std::vector<Placing>& events, const std::array<bool, kBuckets>& taken) {
  std::vector<bool> waits(events.size(), false);
  absl::flat_hash_map<AggregateKey, int64_t> in_question;  // With the version of its first event here.
  std::array<bool, kBuckets> asked{};
  for (const Placing& placing : events) {
    const Event& event = *placing.event;
    const int bucket = placing.bucket;
    const AggregateKey key = {event.tenant, event.aggregate};
    if (!taken[bucket] || event.version <= 1) continue;
    // Another replica may have written a version since the last that was sealed here.
    const auto sealed = buckets_[bucket].sealed.find(key);
    if (sealed != buckets_[bucket].sealed.end() && sealed->second == event.version - 1) continue;
    in_question.try_emplace(key, event.version);
    asked[bucket] = true;
  }
  if (in_question.empty()) return waits;

  std::vector<mysql::Parameter> parameters;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    if (asked[bucket]) parameters.emplace_back(bucket);
  }
  const size_t count = mysql::RoundUpKeys(parameters.size());
  while (parameters.size() < count) parameters.push_back(parameters.back());
  const std::string sql = absl::StrCat(
      kSelectUnsealedIn, absl::StrJoin(std::vector<absl::string_view>(count, "?"), ", "), ") LIMIT ", kMostUnsealed);
  const absl::StatusOr<std::vector<mysql::Row>> unsealed =
      mysql::ReadRows(database_, absl::Now() + kDatabaseTimeout, sql, parameters);
  const bool known = unsealed.ok() && unsealed->size() < kMostUnsealed;
  absl::flat_hash_set<AggregateKey> waiting;
  if (known) {
    for (const mysql::Row& row : *unsealed) {
      const AggregateKey key = {row.Id(0), row.Id(1)};
      const auto asking = in_question.find(key);
      if (asking != in_question.end() && row.Int(2) < asking->second) waiting.insert(key);
    }
  }
  for (size_t i = 0; i < events.size(); ++i) {
    const AggregateKey key = {events[i].event->tenant, events[i].event->aggregate};
    waits[i] = known ? waiting.contains(key) : in_question.contains(key);
  }
  return waits;
}

void Sealer::Give(std::vector<Placing>& events) {
  // Only a commit to a single bucket waits, so that no waiter holds another bucket.
  const auto is_of_first = [&](const Placing& placing) { return placing.bucket == events.front().bucket; };
  const bool waits = events.size() >= kWorthWaiting && std::all_of(events.begin(), events.end(), is_of_first);
  const absl::Duration patience = waits ? kPatience : absl::ZeroDuration();
  std::array<bool, kBuckets> tried{};
  std::array<bool, kBuckets> taken{};
  for (const Placing& placing : events) {
    const int bucket = placing.bucket;
    if (std::exchange(tried[bucket], true)) continue;
    const std::optional<int64_t> epoch = leases_.EpochOf(bucket);
    if (!epoch.has_value() || !Take(bucket, /*want=*/false, patience)) continue;
    taken[bucket] = buckets_[bucket].epoch == *epoch;
    if (!taken[bucket]) GiveBack(bucket);
  }
  const std::vector<bool> must_wait = MustWait(events, taken);
  std::array<std::optional<LogHead>, kBuckets> heads;
  for (size_t i = 0; i < events.size(); ++i) {
    const int bucket = events[i].bucket;
    if (!taken[bucket] || must_wait[i]) continue;
    std::optional<LogHead>& head = heads[bucket];
    if (!head.has_value()) head = buckets_[bucket].head;
    head = NextHead(*head, events[i].digest);
    events[i].place = Place{.position = head->position, .seal = head->seal};
  }
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    if (taken[bucket] && !heads[bucket].has_value()) GiveBack(bucket);
  }
}

void Sealer::Settle(const std::vector<Placing>& events, Fate fate) {
  std::array<std::vector<Event>, kBuckets> placed;
  std::array<bool, kBuckets> left{};
  for (const Placing& placing : events) {
    const int bucket = placing.bucket;
    if (placing.place.has_value()) {
      placed[bucket].push_back(Sealed(placing));
    } else {
      left[bucket] = true;
    }
  }
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    if (!placed[bucket].empty()) {
      Bucket& state = buckets_[bucket];
      if (fate == Fate::kCommitted) {
        const Event& last = placed[bucket].back();
        state.head = {.position = last.position, .seal = last.seal};
        if (state.sealed.size() > kRememberedAggregates) state.sealed.clear();
        for (const Event& event : placed[bucket]) state.sealed[{event.tenant, event.aggregate}] = event.version;
        tail_.Append(bucket, placed[bucket]);
      } else if (fate == Fate::kUnknown) {
        Forget(bucket);
        left[bucket] = true;  // Its next turn reads the head again.
      }
      if (fate == Fate::kCommitted) on_sealed_(bucket, placed[bucket]);
      GiveBack(bucket);
    }
    if (left[bucket] && fate != Fate::kRolledBack) wake_(bucket);
  }
}

}  // namespace countersign::events
