#include "common/events/relay.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/events/cursor.h"
#include "common/events/delivery.h"
#include "common/events/event_feed.h"
#include "common/events/event_log.h"
#include "common/events/head_export.h"
#include "common/events/lanes.h"
#include "common/events/lease.h"
#include "common/events/log_tail.h"
#include "common/events/sealer.h"
#include "common/events/task_runner.h"
#include "common/events/work_queue.h"

namespace countersign::events {
namespace {

// 64 index dives in one statement.
constexpr absl::string_view kFindUnsealed =
    "SELECT leases.bucket FROM leases WHERE leases.owner = ? AND EXISTS "
    "(SELECT 1 FROM events WHERE events.bucket = leases.bucket AND events.position IS NULL)";

constexpr absl::Duration kDatabaseTimeout = absl::Seconds(5);
constexpr absl::Duration kStopTimeout = absl::Seconds(3);

class RelayImpl final : public Relay {
 public:
  RelayImpl(mysql::Database& database, RelayOptions options, std::vector<Consumer> consumers,
            std::vector<BucketTask> tasks);
  ~RelayImpl() override { Stop(); }

  void Start() override;
  void Stop() override;
  absl::Status Drain(absl::Time deadline) override;
  absl::Status Do(Step step, absl::Time deadline) override;
  void LookNow() override;
  void WakeTask(absl::string_view task, int bucket) override;
  absl::Status DoWhatIsDue(absl::Time deadline) override;
  bool Knows(absl::string_view consumer) const override { return Find(consumer) != nullptr; }
  bool MustArrive(absl::string_view consumer, absl::string_view event_type) const override;
  absl::Status Redeliver(absl::Time deadline, const std::string& consumer, absl::Time since) override;

 private:
  absl::StatusOr<std::array<int64_t, kBuckets>> Heads(absl::Time deadline);
  void Keep();
  absl::Status RefreshLeases(absl::Time deadline);
  absl::Status Poll(absl::Time deadline);
  absl::Status PollLog(absl::Time deadline);
  void WakeConsumers(int bucket, const std::vector<Event>& sealed);
  void WakeEverything(int bucket);
  absl::StatusOr<Turn> DrainOnce(absl::Time deadline);
  Delivery* Find(absl::string_view consumer) const;

  mysql::Database& database_;
  const RelayOptions options_;
  Leases leases_;
  LogTail tail_;
  Sealer sealer_;
  WorkQueue seal_queue_;
  std::vector<std::unique_ptr<Delivery>> deliveries_;
  std::vector<std::unique_ptr<TaskRunner>> tasks_;
  Lanes lanes_;
  bool leases_move_ = false;               // The last poll found leases that change hands.
  std::array<int64_t, kBuckets> terms_{};  // What the keeper has woken the lanes for.

  absl::Mutex mutex_;
  absl::CondVar kicked_changed_;
  bool kicked_ ABSL_GUARDED_BY(mutex_) = false;
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread keeper_;
};

RelayImpl::RelayImpl(mysql::Database& database, RelayOptions options, std::vector<Consumer> consumers,
                     std::vector<BucketTask> tasks)
    : database_(database),
      options_(std::move(options)),
      leases_(database, options_.owner, options_.lease, options_.now),
      tail_(static_cast<int>(consumers.size())),
      sealer_(
          database, leases_, tail_,
          [this](int bucket, const std::vector<Event>& sealed) { WakeConsumers(bucket, sealed); },
          [this](int bucket) { seal_queue_.Wake(bucket); }),
      seal_queue_(options_.now),
      // The keeper must know the new epoch, or whoever is fenced spins.
      lanes_([this] { LookNow(); }) {
  for (Consumer& consumer : consumers) {
    const int reader = static_cast<int>(deliveries_.size());
    deliveries_.push_back(std::make_unique<Delivery>(database, leases_, tail_, reader, std::move(consumer), options_));
  }
  for (BucketTask& task : tasks) tasks_.push_back(std::make_unique<TaskRunner>(leases_, std::move(task), options_.now));
  lanes_.Add(Lanes::Kind::kLog, seal_queue_, options_.threads, [this](int bucket) {
    const Turn turn = sealer_.Work(bucket);
    if (turn.waits) seal_queue_.WakeAfter(bucket, options_.poll);
    return turn;
  });
  for (const auto& delivery : deliveries_) {
    lanes_.Add(Lanes::Kind::kLog, delivery->queue(), options_.threads,
               [delivery = delivery.get()](int bucket) { return delivery->Work(bucket); });
  }
  for (const auto& task : tasks_) {
    lanes_.Add(Lanes::Kind::kTask, task->queue(), task->threads(),
               [task = task.get()](int bucket) { return task->Work(bucket); });
  }
}

void RelayImpl::Start() {
  {
    absl::MutexLock lock(&mutex_);
    if (started_ || stopped_) return;
    started_ = true;
  }
  if (options_.committer != nullptr) options_.committer->set_placer(&sealer_);
  if (options_.threads == 0) return;
  lanes_.Start();
  keeper_ = std::thread([this] { Keep(); });
}

absl::StatusOr<std::array<int64_t, kBuckets>> RelayImpl::Heads(absl::Time deadline) {
  std::array<int64_t, kBuckets> heads{};
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(heads, ReadHeadPositions(reader));
    return absl::OkStatus();
  }));
  return heads;
}

absl::Status RelayImpl::DoWhatIsDue(absl::Time deadline) {
  if (leases_.HeldBuckets().empty()) return absl::UnavailableError("This replica has no bucket yet.");
  RETURN_IF_ERROR(lanes_.Rest(deadline));
  while (true) {
    ASSIGN_OR_RETURN(const auto before, Heads(deadline));
    for (const auto& task : tasks_) {
      ASSIGN_OR_RETURN(const std::vector<int> due, task->DueBuckets(deadline));
      for (const int bucket : due) task->queue().Wake(bucket);
    }
    RETURN_IF_ERROR(lanes_.Rest(deadline));
    ASSIGN_OR_RETURN(const auto after, Heads(deadline));
    if (lanes_.AnyTaskFailed()) return absl::UnavailableError("A task failed, as the log says; try again.");
    if (after == before) return absl::OkStatus();
  }
}

absl::Status RelayImpl::Do(Step step, absl::Time deadline) {
  switch (step) {
    case Step::kRenew:
      return RefreshLeases(deadline);
    case Step::kPoll:
      return Poll(deadline);
    case Step::kWork:
      lanes_.WorkOnAllThatIsDue();
      return absl::OkStatus();
  }
  return absl::InvalidArgumentError("There is no such step.");
}

void RelayImpl::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return;
    stopped_ = true;
    kicked_changed_.SignalAll();
    if (!started_) return;
  }
  if (options_.committer != nullptr) options_.committer->set_placer(nullptr);
  lanes_.Stop();
  if (keeper_.joinable()) keeper_.join();
  for (const auto& delivery : deliveries_) delivery->StoreCursors();
  // Best effort: unreleased leases run out by themselves.
  leases_.Release(absl::Now() + kStopTimeout).IgnoreError();
}

// Renews the leases every third of their length and polls in between; both at once when a worker finds itself fenced
// or an operator has changed what waits. While leases change hands it renews after every poll: nobody works on a bucket
// that one replica has stopped to work on and another has not yet taken.
void RelayImpl::Keep() {
  absl::Duration refresh_at = options_.now();
  absl::Duration poll_at = options_.now();
  while (true) {
    absl::Duration now = options_.now();
    absl::Status status;
    if (now >= refresh_at) {
      status = RefreshLeases(absl::Now() + kDatabaseTimeout);
      refresh_at = now + (status.ok() ? options_.lease / 3 : std::min(options_.lease / 10, options_.poll));
    }
    if (now >= poll_at) {
      status.Update(Poll(absl::Now() + kDatabaseTimeout));
      poll_at = now + options_.poll;
      if (std::exchange(leases_move_, false)) refresh_at = now;
    }
    if (!status.ok()) Log(Level::kWarning, "relay cannot reach its leases", {{"error", status.ToString()}});
    absl::MutexLock lock(&mutex_);
    now = options_.now();
    if (!kicked_ && !stopped_) {
      kicked_changed_.WaitWithTimeout(&mutex_, std::min(refresh_at, poll_at) - now);
    }
    if (stopped_) return;
    if (kicked_) refresh_at = poll_at = now;
    kicked_ = false;
  }
}

void RelayImpl::LookNow() {
  absl::MutexLock lock(&mutex_);
  kicked_ = true;
  kicked_changed_.Signal();
}

absl::Status RelayImpl::RefreshLeases(absl::Time deadline) {
  RETURN_IF_ERROR(leases_.Refresh(deadline, [this](int bucket) { return lanes_.IsIdle(bucket); }));
  std::vector<int> changed;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    if (terms_[bucket] != leases_.TermOf(bucket)) changed.push_back(bucket);
  }
  if (changed.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(database_.Autocommit(deadline, [&](mysql::Connection& connection) -> absl::Status {
    for (const auto& delivery : deliveries_) RETURN_IF_ERROR(CreateCursors(connection, delivery->name()));
    return absl::OkStatus();
  }));
  for (const int bucket : changed) {
    terms_[bucket] = leases_.TermOf(bucket);
    tail_.Forget(bucket);
    WakeEverything(bucket);
  }
  return absl::OkStatus();
}

absl::Status RelayImpl::Poll(absl::Time deadline) {
  absl::Status status = PollLog(deadline);
  for (const auto& task : tasks_) status.Update(task->Poll(deadline));
  return status;
}

absl::Status RelayImpl::PollLog(absl::Time deadline) {
  return database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> unsealed, reader.Query(kFindUnsealed, {options_.owner}));
    for (const mysql::Row& row : unsealed) seal_queue_.Wake(static_cast<int>(row.Int(0)));
    ASSIGN_OR_RETURN(const bool any_free, Leases::IsAnyFree(reader));
    leases_move_ = any_free || leases_.IsAnyLeaving();
    // The last resort, whatever was missed: no consumer stays behind its log.
    ASSIGN_OR_RETURN(const std::vector<BehindCursor> behind, FindBehind(reader, options_.owner));
    for (const BehindCursor& cursor : behind) {
      Delivery* const delivery = Find(cursor.consumer);
      if (delivery != nullptr) delivery->NoteBehind(cursor.bucket, cursor.position);
    }
    ASSIGN_OR_RETURN(const auto due, FindDue(reader));
    for (const auto& [bucket, consumer] : due) {
      Delivery* const delivery = Find(consumer);
      if (delivery == nullptr || !leases_.EpochOf(bucket).has_value()) continue;
      delivery->LookForDue(bucket);
      delivery->queue().Wake(bucket);
    }
    return absl::OkStatus();
  });
}

void RelayImpl::WakeConsumers(int bucket, const std::vector<Event>& sealed) {
  if (options_.on_sealed) options_.on_sealed(bucket, sealed);
  for (const auto& delivery : deliveries_) delivery->NoteSealed(bucket, sealed);
}

void RelayImpl::WakeEverything(int bucket) {
  seal_queue_.Wake(bucket);
  WakeConsumers(bucket, {});
  for (const auto& task : tasks_) task->queue().Wake(bucket);
}

Delivery* RelayImpl::Find(absl::string_view consumer) const {
  for (const auto& delivery : deliveries_) {
    if (delivery->name() == consumer) return delivery.get();
  }
  return nullptr;
}

absl::StatusOr<Turn> RelayImpl::DrainOnce(absl::Time deadline) {
  Turn sum;
  RETURN_IF_ERROR(RefreshLeases(deadline));
  const auto add = [&sum](const Turn& turn) {
    sum.progress = sum.progress || turn.progress || turn.fenced;  // A fenced bucket goes on under its new epoch.
    sum.waits = sum.waits || turn.waits;
  };
  std::vector<mysql::Row> unsealed;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(unsealed, reader.Query(kFindUnsealed, {options_.owner}));
    return absl::OkStatus();
  }));
  for (const mysql::Row& row : unsealed) add(sealer_.Work(static_cast<int>(row.Int(0))));
  ASSIGN_OR_RETURN(const auto heads, Heads(deadline));
  for (const int bucket : leases_.HeldBuckets()) {
    for (const auto& delivery : deliveries_) {
      if (!delivery->HasWork(bucket, heads[bucket])) continue;
      if (absl::Now() >= deadline) return Turn{.progress = false, .waits = true, .fenced = false};
      add(delivery->Work(bucket, /*hurry=*/true));
    }
  }
  return sum;
}

absl::Status RelayImpl::Drain(absl::Time deadline) {
  Turn turn;
  do {
    ASSIGN_OR_RETURN(turn, DrainOnce(deadline));
  } while (turn.progress && absl::Now() < deadline);
  return turn.waits || turn.progress ? absl::DeadlineExceededError("Deliveries still wait.") : absl::OkStatus();
}

void RelayImpl::WakeTask(absl::string_view task, int bucket) {
  for (const auto& runner : tasks_) {
    if (runner->name() == task) runner->queue().Wake(bucket);
  }
}

bool RelayImpl::MustArrive(absl::string_view consumer, absl::string_view event_type) const {
  const Delivery* const delivery = Find(consumer);
  return delivery != nullptr && delivery->MustArrive(event_type);
}

absl::Status RelayImpl::Redeliver(absl::Time deadline, const std::string& consumer, absl::Time since) {
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    RETURN_IF_ERROR(RewindCursor(database_, deadline, bucket, consumer, since));
  }
  LookNow();
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Relay> MakeRelay(mysql::Database& database, RelayOptions options, std::vector<Consumer> consumers,
                                 std::vector<BucketTask> tasks) {
  tasks.push_back(HeadExport(database, options.audit_head_interval));
  return std::make_unique<RelayImpl>(database, std::move(options), std::move(consumers), std::move(tasks));
}

}  // namespace countersign::events
