#include "common/mysql/database.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/metrics.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/connector.h"
#include "common/mysql/errors.h"
#include "common/mysql/gather.h"
#include "common/mysql/session.h"
#include "common/mysql/session_pool.h"

namespace countersign::mysql {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(10);
constexpr absl::Duration kLongestPause = absl::Milliseconds(500);

// By text: the connector's own commit() and rollback() swallow the error of a dead session.
constexpr absl::string_view kCommit = "COMMIT";
constexpr absl::string_view kRollback = "ROLLBACK";
constexpr absl::string_view kPing = "SELECT 1";

// Waits before attempt number `attempt` (from 1), twice as long each time, jittered. False when `deadline` comes first.
bool PauseBefore(int attempt, absl::Time deadline) {
  thread_local absl::BitGen random;
  const absl::Duration longest = std::min(kLongestPause, kFirstPause * (1 << std::min(attempt, 10)));
  const absl::Duration pause = longest * absl::Uniform(random, 0.5, 1.0);
  if (absl::Now() + pause >= deadline) return false;
  absl::SleepFor(pause);
  return true;
}

enum class Fate {
  kSettled,   // Committed, or surely not and for a reason that another attempt does not change.
  kRunAgain,  // Surely not committed; another attempt may succeed.
  kUnknown,   // COMMIT was sent and its answer is not known.
};

struct Outcome {
  absl::Status status;
  Fate fate;
};

bool IsWorthAnotherRun(const absl::Status& status) { return IsRetryable(status) || IsConnectionLost(status); }

// Ends a transaction that did not commit. After a failed ROLLBACK the session is not usable, and the server rolls back
// when it notices that the session is gone.
void RollBack(Session& session) {
  if (session.usable() && !session.Run(kRollback).ok()) session.MarkUnusable();
}

Outcome CommitOutcome(Session& session) {
  const absl::Status status = session.Run(kCommit);
  if (status.ok()) return {status, Fate::kSettled};
  if (IsRetryable(status)) {
    RollBack(session);
    return {status, Fate::kRunAgain};
  }
  // Whatever else COMMIT says, the session is not kept.
  session.MarkUnusable();
  if (IsReadOnly(status)) return {status, Fate::kSettled};
  return {status, Fate::kUnknown};
}

Outcome RunOnce(Session& session, TransactionBody body) {
  absl::Status status = session.SetAutocommit(false);
  if (!status.ok()) {
    RollBack(session);
    return {status, IsWorthAnotherRun(status) ? Fate::kRunAgain : Fate::kSettled};
  }
  status = body(session);
  if (!session.fatal_error().ok()) {
    // What the body made of the error does not matter: what it wrote before may be gone.
    const absl::Status fatal = session.fatal_error();
    RollBack(session);
    return {fatal, IsWorthAnotherRun(fatal) ? Fate::kRunAgain : Fate::kSettled};
  }
  if (!status.ok()) {
    RollBack(session);
    return {status, Fate::kSettled};
  }
  return CommitOutcome(session);
}

// Transactions that were run again, by cause.
struct Retries {
  static metrics::Counter& Of(const char* cause) {
    return metrics::MakeCounter("countersign_database_retries_total", "Transactions that were run again.",
                                {{"cause", cause}});
  }
  metrics::Counter& conflict = Of("conflict");
  metrics::Counter& connection_lost = Of("connection_lost");
  metrics::Counter& commit_unknown = Of("commit_unknown");

  static Retries& Get() {
    static auto* const retries = new Retries;
    return *retries;
  }
};

void CountRetry(const absl::Status& status) {
  Retries& retries = Retries::Get();
  (IsRetryable(status)        ? retries.conflict
   : IsConnectionLost(status) ? retries.connection_lost
                              : retries.commit_unknown)
      .Increment();
}

absl::Status CommitUnknown() {
  return Error(
      absl::StatusCode::kUnavailable, "COMMIT_UNKNOWN",
      "The connection was lost during the commit; whether it took effect is not known. Try again with the same "
      "request_id.");
}

class PooledDatabase final : public Database {
 public:
  explicit PooledDatabase(const DatabaseOptions& options) : pool_(options) {
    Driver();
    Retries::Get();  // A counter is there from the start, or its first increase would not be seen.
  }
  ~PooledDatabase() override { pool_.Close(); }

  absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Reader&)> act) override {
    bool repeat = false;
    absl::Status status = Use(deadline, act, repeat);
    return repeat ? Use(deadline, act, repeat) : status;
  }

  absl::StatusOr<std::vector<Row>> ReadByKey(absl::Time deadline, const KeyedSelect& select,
                                             const std::vector<Parameter>& key,
                                             const std::vector<Parameter>& asked) override {
    return gatherer_.Read(deadline, select, key, asked);
  }

  absl::Status Autocommit(absl::Time deadline, absl::FunctionRef<absl::Status(Connection&)> act) override {
    bool repeat = false;
    return Use(deadline, act, repeat);
  }

  absl::Status Transact(absl::Time deadline, TransactionBody body, const WasCommitted& was_committed,
                        int attempts) override {
    for (int attempt = 1;; ++attempt) {
      Outcome outcome = Attempt(deadline, body);
      if (outcome.fate == Fate::kUnknown) outcome = AskFate(deadline, was_committed);
      if (outcome.fate == Fate::kSettled || attempt >= attempts) return outcome.status;
      CountRetry(outcome.status);
      if (!PauseBefore(attempt, deadline)) return outcome.status;
    }
  }

  absl::Status Ping(absl::Time deadline) override {
    return Read(deadline, [](Reader& reader) { return reader.Query(kPing, {}).status(); });
  }

  void Close() override { pool_.Close(); }

 private:
  // `repeat`: `act` did nothing but lose its connection in a query.
  absl::Status Use(absl::Time deadline, absl::FunctionRef<absl::Status(Connection&)> act, bool& repeat) {
    ASSIGN_OR_RETURN(std::unique_ptr<Session> taken, pool_.Take(deadline, /*autocommit=*/true));
    PooledSession session(pool_, std::move(taken));
    absl::Status status = session->SetAutocommit(true);
    if (status.ok()) status = act(*session);
    repeat = !status.ok() && session->repeatable();
    return status;
  }

  Outcome Attempt(absl::Time deadline, TransactionBody body) {
    absl::StatusOr<std::unique_ptr<Session>> taken = pool_.Take(deadline, /*autocommit=*/false);
    if (!taken.ok()) return {taken.status(), Fate::kSettled};
    PooledSession session(pool_, *std::move(taken));
    return RunOnce(*session, body);
  }

  // Until the deadline, because the server may be restarting just now.
  Outcome AskFate(absl::Time deadline, const WasCommitted& was_committed) {
    if (!was_committed) return {CommitUnknown(), Fate::kSettled};
    int attempt = 1;
    do {
      bool committed = false;
      const absl::Status asked = Read(deadline, [&](Reader& reader) -> absl::Status {
        ASSIGN_OR_RETURN(committed, was_committed(reader));
        return absl::OkStatus();
      });
      // "No" may turn into "yes" when the lost session's COMMIT is still under way in the server: the next attempt then
      // collides with it on its fixed ids, and nothing is done twice.
      if (asked.ok()) return committed ? Outcome{asked, Fate::kSettled} : Outcome{CommitUnknown(), Fate::kRunAgain};
    } while (PauseBefore(attempt++, deadline));
    return {CommitUnknown(), Fate::kSettled};
  }

  SessionPool pool_;
  Gatherer gatherer_{[this](absl::Time deadline, const std::string& sql,
                            const std::vector<Parameter>& parameters) -> absl::StatusOr<std::vector<Row>> {
    std::vector<Row> rows;
    RETURN_IF_ERROR(Read(deadline, [&](Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(rows, reader.Query(sql, parameters));
      return absl::OkStatus();
    }));
    return rows;
  }};
};

}  // namespace

std::unique_ptr<Database> OpenDatabase(const DatabaseOptions& options) {
  return std::make_unique<PooledDatabase>(options);
}

}  // namespace countersign::mysql
