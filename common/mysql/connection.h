// One session with the database server, on MySQL Connector/C++ (this is the only place that includes it, through
// connector.h). Nothing throws out of here.
#ifndef COUNTERSIGN_COMMON_MYSQL_CONNECTION_H_
#define COUNTERSIGN_COMMON_MYSQL_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::mysql {

class StatementLog;  // statement_log.h

// The server to connect to, and how.
struct DatabaseOptions {
  std::string url;              // mysql://user@host:port/schema (the schema may be left out to administer the server)
  std::string password_file{};  // A file whose first line is the password; empty = a password in the URL, or none.
  std::string ca_file{};        // PEM; when set, TLS is required and the server's certificate verified, else refused.
                                // Without it only a server on loopback is spoken to.
  int pool_size = 16;
  absl::Duration connect_timeout = absl::Seconds(3);
  absl::Duration io_timeout = absl::Seconds(30);  // Read and write.
  // Of several servers: while a statement has waited for so long, its server is asked for a new session before another
  // use begins.
  absl::Duration suspect_after = absl::Seconds(1);
  std::shared_ptr<StatementLog> statement_log{};  // When set, every statement is recorded there.
};

// A bound parameter: NULL, integer, or bytes (text and BINARY alike).
class Parameter {
 public:
  Parameter(std::nullopt_t) {}                                        // NOLINT(google-explicit-constructor)
  Parameter(int64_t value) : value_(value) {}                         // NOLINT(google-explicit-constructor)
  Parameter(int value) : value_(static_cast<int64_t>(value)) {}       // NOLINT(google-explicit-constructor)
  Parameter(bool value) : value_(static_cast<int64_t>(value)) {}      // NOLINT(google-explicit-constructor)
  Parameter(std::string value) : value_(std::move(value)) {}          // NOLINT(google-explicit-constructor)
  Parameter(const char* value) : value_(std::string(value)) {}        // NOLINT(google-explicit-constructor)
  Parameter(absl::string_view value) : value_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Parameter(const Uuid& value) : value_(value) {}                     // NOLINT(google-explicit-constructor)
  // DATETIME(6), UTC; InfinitePast is NULL, as Row::Time has it.
  Parameter(absl::Time value);  // NOLINT(google-explicit-constructor)
  Parameter(Date value);        // NOLINT(google-explicit-constructor) DATE
  template <typename T>
  Parameter(const std::optional<T>& value) {  // NOLINT(google-explicit-constructor)
    if (value.has_value()) *this = Parameter(*value);
  }
  // NULL is neither. The bytes are valid as long as the parameter.
  const int64_t* number() const { return std::get_if<int64_t>(&value_); }
  std::optional<absl::string_view> bytes() const {
    if (const auto* text = std::get_if<std::string>(&value_)) return *text;
    if (const auto* id = std::get_if<Uuid>(&value_)) return id->bytes();
    return std::nullopt;
  }

 private:
  std::variant<std::monostate, int64_t, std::string, Uuid> value_;
};

// One row of a result, read by column index from 0. Asking for another type than the column's is a programming error:
// it yields zero, empty or nil, never a crash.
class Row {
 public:
  explicit Row(std::vector<std::optional<std::string>> columns) : columns_(std::move(columns)) {}
  bool Has(int column) const { return static_cast<size_t>(column) < columns_.size(); }
  bool IsNull(int column) const {  // Also for a column that the row does not have.
    return !Has(column) || !columns_[column].has_value();
  }
  int64_t Int(int column) const;
  bool Bool(int column) const { return Int(column) != 0; }
  const std::string& Bytes(int column) const;  // Text and BINARY alike; empty for NULL.
  Uuid Id(int column) const;
  absl::Time Time(int column) const;  // DATETIME(6), UTC; InfinitePast for NULL.
  Date Day(int column) const;

  // The same; none for NULL.
  std::optional<Uuid> OptionalId(int column) const { return Optional(&Row::Id, column); }
  std::optional<absl::Time> OptionalTime(int column) const { return Optional(&Row::Time, column); }
  std::optional<Date> OptionalDay(int column) const { return Optional(&Row::Day, column); }

 private:
  template <typename T>
  std::optional<T> Optional(T (Row::*value)(int) const, int column) const {
    if (IsNull(column)) return std::nullopt;
    return (this->*value)(column);
  }

  std::vector<std::optional<std::string>> columns_;
};

// The part of a session that changes nothing.
class Reader {
 public:
  virtual ~Reader() = default;

  // All rows of a SELECT. Errors: see errors.h.
  virtual absl::StatusOr<std::vector<Row>> Query(absl::string_view sql, const std::vector<Parameter>& parameters) = 0;

  // At most one row: nullopt when there is none.
  absl::StatusOr<std::optional<Row>> QueryOne(absl::string_view sql, const std::vector<Parameter>& parameters);
};

// A session: READ COMMITTED, strict sql_mode, time zone UTC, utf8mb4, innodb_lock_wait_timeout 3 s, autocommit on
// between transactions. Statements are prepared once per session and cached by their text (which must be a constant).
// Not thread-safe; use from one thread at a time.
class Connection : public Reader {
 public:
  // The number of rows that an INSERT, UPDATE or DELETE changed or matched (CLIENT_FOUND_ROWS).
  virtual absl::StatusOr<int64_t> Execute(absl::string_view sql, const std::vector<Parameter>& parameters) = 0;

  // Statement text as it is, not prepared and not cached: DDL, START TRANSACTION, COMMIT, ROLLBACK.
  virtual absl::Status Run(absl::string_view sql) = 0;

  // False after an error that leaves the session's state unknown: the pool drops it instead of taking it back.
  virtual bool usable() const = 0;

  // Execute that must match exactly one row, else LostRace() (common/base/error.h): the guarded UPDATE.
  absl::Status ExecuteGuarded(absl::string_view sql, const std::vector<Parameter>& parameters);
};

// Connects and asserts cipher (when ca_file is set), isolation, sql_mode and time zone. Errors: UNAVAILABLE (server not
// reachable, refuses the login, or the assertion does not hold: DATABASE_SESSION_UNFIT), RESOURCE_EXHAUSTED
// DATABASE_BUSY (too many connections), INVALID_ARGUMENT (malformed URL), FAILED_PRECONDITION DATABASE_TLS_REQUIRED.
absl::StatusOr<std::unique_ptr<Connection>> Connect(const DatabaseOptions& options);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_CONNECTION_H_
