#include "common/events/committer.h"

#include <algorithm>
#include <exception>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/let_others_join.h"
#include "common/base/metrics.h"
#include "common/base/status_macros.h"
#include "common/events/write.h"
#include "common/mysql/errors.h"
#include "common/mysql/session_share.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kMaxPause = absl::Milliseconds(10);  // Between two attempts.

Placer::Fate FateOf(const absl::Status& status) {
  if (status.ok()) return Placer::Fate::kCommitted;
  return absl::IsUnavailable(status) || IsPlaceTaken(status) ? Placer::Fate::kUnknown : Placer::Fate::kRolledBack;
}

// What is measured of commits. The counter of events tells all that happens to the business, by its events' types.
struct CommitMetrics {
  metrics::Histogram& wait =
      metrics::MakeHistogram("countersign_commit_wait_seconds",
                             "How long a change waited for the transaction that wrote it.", metrics::SecondsBuckets());
  metrics::Histogram& changes = metrics::MakeHistogram(
      "countersign_commit_changes", "Changes that were written in one transaction.", {1, 2, 4, 8, 16, 32, 64});
  metrics::Histogram& seconds =
      metrics::MakeHistogram("countersign_commit_seconds", "How long a transaction of changes took, retries included.",
                             metrics::SecondsBuckets());
  metrics::CounterByLabel events{"countersign_events_total", "Committed events.", "type"};

  static CommitMetrics& Get() {
    static auto* const all = new CommitMetrics;
    return *all;
  }
};

// Gives `status`, that of writing the changes.
absl::Status Measured(absl::Span<const Change* const> changes, absl::Time start, const absl::Status& status) {
  CommitMetrics& all = CommitMetrics::Get();
  all.seconds.Observe(absl::ToDoubleSeconds(absl::Now() - start));
  all.changes.Observe(static_cast<double>(changes.size()));
  if (!status.ok()) return status;
  for (const Change* change : changes) {
    for (const Event& event : change->events) all.events.Increment(event.type);
  }
  return status;
}

}  // namespace

absl::Status RunUntilNotLost(absl::Time deadline, absl::FunctionRef<absl::Status()> act) {
  thread_local absl::InsecureBitGen random;
  for (int attempt = 1;; ++attempt) {
    const absl::Status status = act();
    if (!IsLostRace(status) || attempt == kMaxAttempts || absl::Now() >= deadline) return status;
    absl::SleepFor(absl::Uniform(random, 0.0, 1.0) * kMaxPause);
  }
}

absl::Status Committer::Commit(absl::Time deadline, const Change& change) {
  RETURN_IF_ERROR(CheckChange(change));
  Waiting mine{.change = &change, .deadline = deadline, .rows = RowsOf(change), .bytes = BytesOf(change)};
  if (mine.rows > options_.max_rows_together) return Write(deadline, {&change}, mysql::kTransactAttempts);

  std::vector<Waiting*> batch;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Time start = absl::Now();
    queue_.push_back(&mine);
    if (std::exchange(led_, true)) {
      while (!mine.done && !mine.alone && !mine.leads) mine.changed.Wait(&mutex_);
    }
    if (mine.done) return mine.status;
    CommitMetrics::Get().wait.Observe(absl::ToDoubleSeconds(absl::Now() - start));
    if (!mine.alone) {
      LetOthersJoin(mutex_, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return queue_.size(); });
      batch = TakeBatch();
    }
  }
  if (mine.alone) return Write(deadline, {&change}, mysql::kTransactAttempts);

  std::vector<const Change*> changes;
  absl::Time last = deadline;
  for (const Waiting* waiting : batch) {
    changes.push_back(waiting->change);
    last = std::max(last, waiting->deadline);
  }
  const bool together = changes.size() > 1;
  const auto lifted = mysql::LimitedSessions::Lifted();
  const absl::Status status = Write(last, changes, together ? 1 : mysql::kTransactAttempts);
  const bool one_by_one = together && !status.ok();
  {
    absl::MutexLock lock(&mutex_);
    if (status.ok()) DropLost(changes);
    PassOn();
    for (Waiting* waiting : batch) {
      if (waiting == &mine) continue;
      waiting->status = status;
      (one_by_one ? waiting->alone : waiting->done) = true;
      waiting->changed.Signal();
    }
  }
  return one_by_one ? Write(deadline, {&change}, mysql::kTransactAttempts) : status;
}

std::vector<Committer::Waiting*> Committer::TakeBatch() {
  std::vector<Waiting*> batch;
  std::set<std::pair<Uuid, Uuid>> aggregates;
  size_t rows = 0;
  size_t bytes = 0;
  const absl::Time now = absl::Now();
  while (!queue_.empty() && batch.size() < options_.max_changes) {
    Waiting* const next = queue_.front();
    const bool fits = rows + next->rows <= options_.max_rows && bytes + next->bytes <= options_.max_bytes;
    if (!batch.empty() && (!fits || next->deadline <= now)) break;
    // Two changes of one aggregate would be two versions of one event: the second decides after the first.
    std::vector<std::pair<Uuid, Uuid>> touched;
    bool clashes = false;
    for (const Event& event : next->change->events) {
      clashes = clashes || aggregates.count({event.tenant, event.aggregate}) > 0;
      touched.emplace_back(event.tenant, event.aggregate);
    }
    if (clashes) break;
    aggregates.insert(touched.begin(), touched.end());
    rows += next->rows;
    bytes += next->bytes;
    batch.push_back(next);
    queue_.pop_front();
  }
  return batch;
}

void Committer::DropLost(absl::Span<const Change* const> committed) {
  if (queue_.empty()) return;
  absl::flat_hash_map<std::pair<Uuid, Uuid>, int64_t> versions;
  for (const Change* change : committed) {
    for (const Event& event : change->events) {
      int64_t& version = versions[{event.tenant, event.aggregate}];
      version = std::max(version, event.version);
    }
  }
  const auto is_lost = [&](const Waiting* waiting) {
    const std::vector<Event>& events = waiting->change->events;
    return std::any_of(events.begin(), events.end(), [&](const Event& event) {
      const auto version = versions.find({event.tenant, event.aggregate});
      return version != versions.end() && version->second >= event.version;
    });
  };
  for (Waiting* waiting : queue_) {
    if (!is_lost(waiting)) continue;
    waiting->status = LostRace();
    waiting->done = true;
  }
  const auto lost = std::stable_partition(queue_.begin(), queue_.end(), [](const Waiting* w) { return !w->done; });
  std::for_each(lost, queue_.end(), [](Waiting* waiting) { waiting->changed.Signal(); });
  queue_.erase(lost, queue_.end());
}

void Committer::PassOn() {
  if (queue_.empty()) {
    led_ = false;
    return;
  }
  queue_.front()->leads = true;
  queue_.front()->changed.Signal();
}

absl::Status Committer::Write(absl::Time deadline, absl::Span<const Change* const> changes, int attempts) {
  const absl::Time start = absl::Now();
  absl::ReaderMutexLock lock(&placer_mutex_);
  std::vector<Placing> events;
  for (const Change* change : changes) {
    const int bucket = BucketOf(change->events.front().tenant);
    for (const Event& event : change->events)
      events.push_back({.event = &event, .bucket = bucket, .digest = DigestOf(event)});
  }
  if (placer_ != nullptr) placer_->Give(events);
  const auto body = [&](mysql::Connection& connection) -> absl::Status {
    try {
      return WriteChanges(connection, changes, events);
    } catch (const std::exception& error) {  // Of an `also`: whoever waits must still be told.
      return absl::InternalError(absl::StrCat("exception: ", error.what()));
    }
  };
  // The transaction is one: its first event tells of all.
  const auto was_committed = [&](mysql::Reader& reader) { return IsStored(reader, events.front()); };
  const absl::Status status = database_.Transact(deadline, body, was_committed, attempts);
  if (placer_ != nullptr) placer_->Settle(events, FateOf(status));
  if (!IsPlaceTaken(status)) return Measured(changes, start, status);
  // Somebody else holds the bucket by now, and the placer has taken note. Without a place it is sealed after the
  // commit.
  for (Placing& placing : events) placing.place.reset();
  const absl::Status again = database_.Transact(deadline, body, was_committed, attempts);
  if (placer_ != nullptr) placer_->Settle(events, FateOf(again));
  return Measured(changes, start, again);
}

size_t Committer::waiting() {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void Committer::set_placer(Placer* placer) {
  absl::WriterMutexLock lock(&placer_mutex_);
  placer_ = placer;
}

}  // namespace countersign::events
