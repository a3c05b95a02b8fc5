// Commits changes: the one way by which a service writes what it decided. Changes that wait at the same moment are
// written together, in one transaction with one statement per table.
#ifndef COUNTERSIGN_COMMON_EVENTS_COMMITTER_H_
#define COUNTERSIGN_COMMON_EVENTS_COMMITTER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/change.h"
#include "common/mysql/database.h"

namespace countersign::events {

// How often an act is tried in all when it loses races.
inline constexpr int kMaxAttempts = 5;

// Runs `act` again, after a random pause that grows, when it lost a race: it then decides on what is there now. At most
// kMaxAttempts times in all, until `deadline`. Errors: those of `act`, LostRace() among them when the attempts are used
// up.
absl::Status RunUntilNotLost(absl::Time deadline, absl::FunctionRef<absl::Status()> act);

// An event's place in its bucket's log.
struct Place {
  int64_t position = 0;
  std::string seal;
};

// An event that is being committed, with its bucket and digest.
struct Placing {
  const Event* event = nullptr;
  int bucket = 0;
  std::string digest;
  std::optional<Place> place = std::nullopt;  // None: it is sealed after the commit.
};

// Gives events their places in the log as they are committed (sealer.h).
class Placer {
 public:
  virtual ~Placer() = default;

  // Sets the places of those events that can have one now, in their order, and keeps others out of their buckets until
  // Settle.
  virtual void Give(std::vector<Placing>& events) = 0;

  enum class Fate : uint8_t { kCommitted, kRolledBack, kUnknown };
  // Called once after each Give, and for events without places that were committed after all.
  virtual void Settle(const std::vector<Placing>& events, Fate fate) = 0;
};

struct CommitterOptions {
  size_t max_changes = 64;         // In one transaction.
  size_t max_rows = 500;           // Rows and events of them all.
  size_t max_bytes = 1'000'000;    // Payloads and replies of them all.
  size_t max_rows_together = 100;  // A larger change has a transaction of its own.
};

// Thread-safe; one per process and schema. While one transaction is under way the next changes gather; the caller whose
// change is first among them commits them all, in its own thread, so a lone caller waits for nobody and no timer runs.
// If a transaction of several changes fails, each caller commits its own change alone and gets its own answer.
class Committer {
 public:
  explicit Committer(mysql::Database& database, CommitterOptions options = {})  // Must outlive the committer.
      : database_(database), options_(options) {}

  // Commits the change, with its events and its stored reply. Errors: LostRace() when an event of the same version is
  // there already, or a row of an insert; ReplyAlreadyStored(); the rows' own refusals and those of `also`; those of
  // Database::Transact; those of CheckChange; DEADLINE_EXCEEDED, with nothing written, when its turn did not come in
  // time. A COMMIT of unknown fate is resolved by looking for the first event.
  absl::Status Commit(absl::Time deadline, const Change& change);

  // Commits many changes of one caller in its own transactions, as many in each as may be written together, without
  // waiting for what others commit. Gives the answer of each, as Commit has it: one that fails holds back no other.
  std::vector<absl::Status> CommitAll(absl::Time deadline, absl::Span<const Change> changes);

  // How many changes wait for a transaction just now.
  size_t waiting();

  // Replaces the placer; null: none. When this returns, the former placer is not in use and will not be
  // used again.
  void set_placer(Placer* placer);

 private:
  // A caller's change in the queue. The caller waits until one of the three is set.
  struct Waiting {
    const Change* change;
    absl::Time deadline;
    size_t rows;
    size_t bytes;
    bool done = false;
    bool alone = false;
    bool leads = false;
    absl::Status status = absl::OkStatus();
    absl::CondVar changed{};
  };

  // Tells the waiting changes that have lost their race to one of `committed`, before they make a batch fail. For the
  // leader before it passes on: nobody else may take a change out of the queue, for it may be the leader's.
  void DropLost(absl::Span<const Change* const> committed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Waits until the change is answered, is to be written alone, or leads. False: its deadline came while it was in the
  // queue, and it is there no more.
  bool AwaitTurn(Waiting& mine) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The changes at the queue's head that may be written together.
  std::vector<Waiting*> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes the queue's first the next leader.
  void PassOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // One transaction for all. `attempts`: how often it is run when it may help.
  absl::Status Write(absl::Time deadline, absl::Span<const Change* const> changes, int attempts);

  mysql::Database& database_;
  const CommitterOptions options_;

  absl::Mutex placer_mutex_;  // Held shared while the placer is in use.
  Placer* placer_ ABSL_GUARDED_BY(placer_mutex_) = nullptr;

  absl::Mutex mutex_;
  std::deque<Waiting*> queue_ ABSL_GUARDED_BY(mutex_);
  bool led_ ABSL_GUARDED_BY(mutex_) = false;  // Somebody commits, or has been told to.
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_COMMITTER_H_
