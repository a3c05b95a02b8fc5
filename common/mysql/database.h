// A pool of sessions and the transaction runner: the one way by which services reach their schema.
#ifndef COUNTERSIGN_COMMON_MYSQL_DATABASE_H_
#define COUNTERSIGN_COMMON_MYSQL_DATABASE_H_

#include <functional>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/table.h"

namespace countersign::mysql {

// A transaction's body: idempotent, because it may run up to five times; touches one tenant; calls no peer.
using TransactionBody = absl::FunctionRef<absl::Status(Connection&)>;

// How often a transaction is run in all, unless its caller says otherwise.
inline constexpr int kTransactAttempts = 5;

// Asked on a new session when the fate of a COMMIT is unknown: did the transaction commit?
using WasCommitted = std::function<absl::StatusOr<bool>(Reader&)>;

// Thread-safe. Waiting for a session, and retries, are bounded by the deadline that each act is given.
class Database {
 public:
  virtual ~Database() = default;

  // Runs queries outside any transaction, on one session. When the connection is lost in the first of them, `act` runs
  // once more on another session.
  // Errors here and below: RESOURCE_EXHAUSTED DATABASE_BUSY (no session free before `deadline`), UNAVAILABLE
  // DATABASE_UNAVAILABLE or DATABASE_READ_ONLY, those of errors.h and those of `act`.
  virtual absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Reader&)> act) = 0;

  // The rows with this key, outside any transaction. Calls that ask the same SELECT at the same moment share a
  // statement; `asked` as Gatherer::Read has it (gather.h).
  virtual absl::StatusOr<std::vector<Row>> ReadByKey(absl::Time deadline, const KeyedSelect& select,
                                                     const std::vector<Parameter>& key,
                                                     const std::vector<Parameter>& asked) = 0;

  // Runs statements each of which commits by itself, for what needs no transaction. Never repeated: after a lost
  // connection it is not known what took effect.
  virtual absl::Status Autocommit(absl::Time deadline, absl::FunctionRef<absl::Status(Connection&)> act) = 0;

  // Runs `body` and then COMMIT, in one transaction. Run whole again on 1213, 1205 (after ROLLBACK), 1020, 3101
  // and on a connection lost before COMMIT was sent; at most `attempts` times in all, jittered, before `deadline`.
  // Every other error of the body rolls back and is returned. A COMMIT of unknown fate asks `was_committed` on a new
  // session: yes = OK, no = run again; without it, or without an answer, the error is UNAVAILABLE COMMIT_UNKNOWN.
  virtual absl::Status Transact(absl::Time deadline, TransactionBody body, const WasCommitted& was_committed = nullptr,
                                int attempts = kTransactAttempts) = 0;

  // OK when a session can be had and the server answers.
  virtual absl::Status Ping(absl::Time deadline) = 0;

  // Closes the sessions; every later act is UNAVAILABLE.
  virtual void Close() = 0;
};

// Opens the pool lazily: the database may still be down. Call once per process and schema.
std::unique_ptr<Database> OpenDatabase(const DatabaseOptions& options);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_DATABASE_H_
