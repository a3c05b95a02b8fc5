// The Connection that Connect makes, with what the transaction runner has to know of it. Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_MYSQL_SESSION_H_
#define COUNTERSIGN_COMMON_MYSQL_SESSION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/connector.h"
#include "common/mysql/server_url.h"
#include "common/mysql/statement_cache.h"
#include "common/mysql/statement_log.h"

namespace countersign::mysql {

class Session final : public Connection {
 public:
  // As Connect. Of several servers the first that can be reached and takes writes, beginning with the one that the last
  // session was opened at (server_choice.h). There one connection attempt may take 1 s and one statement 5 s, at most.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const DatabaseOptions& options);

  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql, const std::vector<Parameter>& parameters) override;
  absl::StatusOr<int64_t> Execute(absl::string_view sql, const std::vector<Parameter>& parameters) override;
  absl::Status Run(absl::string_view sql) override;
  bool usable() const override { return usable_; }

  // On, as a new session has it: each statement commits by itself. Off: a transaction begins with the first statement
  // and lasts until COMMIT or ROLLBACK, which saves the statement that begins one. Sends a statement only when there is
  // something to change. Call it first in a use, never within a transaction.
  absl::Status SetAutocommit(bool on);
  bool autocommit() const { return autocommit_; }

  // All rows of a text that cannot be prepared (SHOW …).
  absl::StatusOr<std::vector<Row>> QueryText(absl::string_view sql);

  // The session's state is not known any more: the pool will drop it.
  void MarkUnusable() { usable_ = false; }

  // Which of several servers, by its place in the URL.
  size_t server() const { return server_; }

  // Since when the server owes the answer to a statement; far in the future while it owes none. From any thread.
  absl::Time waiting_since() const { return absl::FromUnixNanos(waiting_since_ns_.load(std::memory_order_relaxed)); }

  // Begins a use by somebody new: forgets what the two accessors below say of the last one.
  void BeginUse();

  // The first error of this use after which its transaction must not commit, whatever the body made of it: the server
  // may have rolled back already, so a COMMIT would keep only the statements after the error. OK when there is none.
  const absl::Status& fatal_error() const { return fatal_error_; }

  // True while this use has done nothing but lose its connection in a read: it may be repeated elsewhere.
  bool repeatable() const { return !did_anything_ && lost_in_read_; }

 private:
  static constexpr int64_t kWaitsForNothing = std::numeric_limits<int64_t>::max();

  Session(std::unique_ptr<sql::Connection> connection, std::shared_ptr<StatementLog> log)
      : connection_(std::move(connection)),
        statements_(*connection_),
        log_(std::move(log)),
        log_session_(log_ == nullptr ? 0 : log_->NewSession()) {}

  static absl::StatusOr<std::unique_ptr<Session>> OpenAt(const ServerUrl& server, const DatabaseOptions& options);
  absl::Status CheckUsable() const;
  absl::Status Prepare(const DatabaseOptions& options);
  absl::Status Failed(int error_number, absl::string_view message, bool read);
  // Runs `act`, which may throw, and turns what it throws into a status; `text` leaves the cache then.
  template <typename Act>
  absl::Status Guarded(absl::string_view text, bool read, Act act);

  std::unique_ptr<sql::Connection> connection_;
  StatementCache statements_;                // Before the connection dies, its statements do.
  const std::shared_ptr<StatementLog> log_;  // Usually null.
  const int64_t log_session_;
  size_t server_ = 0;
  std::atomic<int64_t> waiting_since_ns_ = kWaitsForNothing;
  bool read_only_ = false;  // The server's state when the session was opened.
  bool autocommit_ = true;
  bool usable_ = true;
  bool did_anything_ = false;
  bool lost_in_read_ = false;
  absl::Status fatal_error_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SESSION_H_
