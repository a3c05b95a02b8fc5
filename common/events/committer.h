// Commits changes: the one way by which a service writes what it decided.
#ifndef COUNTERSIGN_COMMON_EVENTS_COMMITTER_H_
#define COUNTERSIGN_COMMON_EVENTS_COMMITTER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/mysql/database.h"

namespace countersign::events {

// How often an act is tried in all when it loses races.
inline constexpr int kMaxAttempts = 5;

// Runs `act` again, after a short random pause, when it lost a race: it then decides on what is there now. At most
// kMaxAttempts times in all, until `deadline`. Errors: those of `act`, LostRace() among them when the attempts are used
// up.
absl::Status RunUntilNotLost(absl::Time deadline, absl::FunctionRef<absl::Status()> act);

// Thread-safe; one per process and schema.
class Committer {
 public:
  explicit Committer(mysql::Database& database) : database_(database) {}  // Must outlive the committer.

  // Commits the change, with its events and its stored reply. Errors: those of events::Commit.
  absl::Status Commit(absl::Time deadline, const Change& change) { return events::Commit(database_, deadline, change); }

 private:
  mysql::Database& database_;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_COMMITTER_H_
