#include "common/events/committer.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

// Before the second attempt; twice as long before the next.
constexpr absl::Duration kMaxPause = absl::Milliseconds(10);

Placer::Fate FateOf(const absl::Status& status) {
  if (status.ok()) return Placer::Fate::kCommitted;
  return absl::IsUnavailable(status) || IsPlaceTaken(status) ? Placer::Fate::kUnknown : Placer::Fate::kRolledBack;
}

// Metrics of commits. The counter of events, by type, counts all that happens to the business.
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

// How much a transaction holds so far.
class BatchSize {
 public:
  explicit BatchSize(const CommitterOptions& options) : options_(options) {}

  // Counts the change in where it may be written with the others; the first always may.
  bool Add(const Change& change, size_t rows, size_t bytes) {
    largest_ = std::max(largest_, rows);
    const bool fits = changes_ < options_.max_changes && rows_ + rows <= options_.max_rows &&
                      bytes_ + bytes <= options_.max_bytes && largest_ <= options_.max_rows_together;
    if (changes_ > 0 && !fits) return false;
    // Two changes of one aggregate would be two versions of one event: the second decides after the first.
    for (const Event& event : change.events) {
      if (aggregates_.contains({event.tenant, event.aggregate})) return false;
    }
    for (const Event& event : change.events) aggregates_.insert({event.tenant, event.aggregate});
    ++changes_;
    rows_ += rows;
    bytes_ += bytes;
    return true;
  }

 private:
  const CommitterOptions& options_;
  absl::flat_hash_set<std::pair<Uuid, Uuid>> aggregates_;
  size_t changes_ = 0;
  size_t largest_ = 0;  // Rows of the largest change.
  size_t rows_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

absl::Status RunUntilNotLost(absl::Time deadline, absl::FunctionRef<absl::Status()> act) {
  thread_local absl::InsecureBitGen random;
  for (int attempt = 1;; ++attempt) {
    const absl::Status status = act();
    if (!IsLostRace(status) || attempt == kMaxAttempts || absl::Now() >= deadline) return status;
    absl::SleepFor(absl::Uniform(random, 0.0, 1.0) * kMaxPause * (1 << (attempt - 1)));
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
      if (!AwaitTurn(mine)) return absl::DeadlineExceededError("The database did not answer in time.");
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

bool Committer::AwaitTurn(Waiting& mine) {
  const auto told = [&mine] { return mine.done || mine.alone || mine.leads; };
  while (!told()) {
    if (!mine.changed.WaitWithDeadline(&mutex_, mine.deadline) || told()) continue;
    const auto place = std::find(queue_.begin(), queue_.end(), &mine);
    if (place != queue_.end()) {
      queue_.erase(place);
      return false;
    }
    while (!told()) mine.changed.Wait(&mutex_);  // It is being written.
  }
  return true;
}

std::vector<Committer::Waiting*> Committer::TakeBatch() {
  std::vector<Waiting*> batch;
  BatchSize size(options_);
  const absl::Time now = absl::Now();
  while (!queue_.empty()) {
    Waiting* const next = queue_.front();
    if (!batch.empty() && next->deadline <= now) break;
    if (!size.Add(*next->change, next->rows, next->bytes)) break;
    batch.push_back(next);
    queue_.pop_front();
  }
  return batch;
}

std::vector<absl::Status> Committer::CommitAll(absl::Time deadline, absl::Span<const Change> changes) {
  std::vector<absl::Status> answers;
  answers.reserve(changes.size());
  for (const Change& change : changes) answers.push_back(CheckChange(change));
  for (size_t next = 0; next < changes.size();) {
    std::vector<const Change*> batch;
    std::vector<size_t> places;
    BatchSize size(options_);
    for (; next < changes.size(); ++next) {
      const Change& change = changes[next];
      if (!answers[next].ok()) continue;
      if (!size.Add(change, RowsOf(change), BytesOf(change))) break;
      batch.push_back(&change);
      places.push_back(next);
    }
    if (batch.empty()) break;
    const absl::Status status = Write(deadline, batch, batch.size() > 1 ? 1 : mysql::kTransactAttempts);
    for (size_t i = 0; i < batch.size(); ++i) {
      const bool alone = !status.ok() && batch.size() > 1;
      answers[places[i]] = alone ? Write(deadline, {batch[i]}, mysql::kTransactAttempts) : status;
    }
  }
  return answers;
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
