#include "common/mysql/session.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/connector.h"
#include "common/mysql/errors.h"
#include "common/mysql/server_choice.h"
#include "common/mysql/server_url.h"

namespace countersign::mysql {
namespace {

// The connector sets REPEATABLE READ on every connect and runs this after it.
constexpr const char* kPostInit = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

constexpr absl::string_view kSetSession =
    "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 3, sql_mode = "
    "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

// MariaDB 10.11 says tx_isolation, MySQL 9 transaction_isolation; SHOW serves both without a privilege.
constexpr absl::string_view kShowSession =
    "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation', 'sql_mode', 'time_zone', "
    "'autocommit', 'character_set_client', 'character_set_connection', 'innodb_lock_wait_timeout', 'read_only', "
    "'super_read_only')";

constexpr absl::string_view kShowCipher = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";

// With several servers, a stopped one must not hold up callers who could go to another. Longer than any statement waits
// for a lock.
constexpr absl::Duration kConnectTimeoutOfSeveral = absl::Seconds(1);
constexpr absl::Duration kIoTimeoutOfSeveral = absl::Seconds(5);

// The pause before asking again when no server takes writes, however many sessions are wanted.
constexpr absl::Duration kPauseOfSeveral = absl::Milliseconds(200);

absl::Status NoneTakesWrites() {
  return Error(absl::StatusCode::kUnavailable, "DATABASE_READ_ONLY", "No database server accepts writes now.");
}

absl::Status RefuseToServe(absl::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "DATABASE_SESSION_UNFIT",
               absl::StrCat("The database session is refused: ", what, "."));
}

// Wrong password, no such schema, …: for callers the database is simply not there. The server's own words stay in the
// payload, for the log.
absl::Status RefusedSession(int error_number, const absl::Status& error) {
  constexpr int kAccessDenied = 1045;
  constexpr int kUnknownSchema = 1049;
  absl::Status refused =
      Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
            absl::StrCat("The database refuses the session (error ", error_number,
                         error_number == kAccessDenied    ? ": the user or the password is wrong)."
                         : error_number == kUnknownSchema ? ": there is no such schema; run with --migrate first)."
                                                          : ")."));
  error.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    if (!refused.GetPayload(url).has_value()) refused.SetPayload(url, payload);
  });
  return refused;
}

int WholeSeconds(absl::Duration duration) {
  return static_cast<int>(std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)))));
}

sql::ConnectOptionsMap ConnectOptions(const ServerUrl& server, const DatabaseOptions& options) {
  const bool ipv6 = absl::StrContains(server.host, ":");
  const std::string host = ipv6 ? absl::StrCat("[", server.host, "]") : server.host;
  sql::ConnectOptionsMap map;
  map["hostName"] = sql::SQLString(absl::StrCat("tcp://", host, ":", server.port));
  map["userName"] = sql::SQLString(server.user);
  map["password"] = sql::SQLString(server.password);
  if (!server.schema.empty()) map["schema"] = sql::SQLString(server.schema);
  map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  map["CLIENT_FOUND_ROWS"] = true;  // A guarded UPDATE counts the rows it matched, changed or not.
  map["OPT_CONNECT_TIMEOUT"] = WholeSeconds(options.connect_timeout);
  map["OPT_READ_TIMEOUT"] = WholeSeconds(options.io_timeout);
  map["OPT_WRITE_TIMEOUT"] = WholeSeconds(options.io_timeout);
  map["postInit"] = sql::SQLString(kPostInit);
  if (!options.ca_file.empty()) {
    // Only the two together fail closed; every other TLS option of the connector can end up in clear text.
    map["sslVerify"] = true;
    map["sslCA"] = sql::SQLString(options.ca_file);
  }
  return map;
}

std::vector<Row> RowsOf(sql::ResultSet& result) {
  std::vector<Row> rows;
  const unsigned int width = result.getMetaData()->getColumnCount();
  while (result.next()) {
    std::vector<std::optional<std::string>> columns(width);
    for (unsigned int i = 0; i < width; ++i) {
      if (!result.isNull(i + 1)) columns[i] = result.getString(i + 1).asStdString();
    }
    rows.emplace_back(std::move(columns));
  }
  return rows;
}

absl::Status CheckVariables(const std::map<std::string, std::string>& variables) {
  const auto value = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  if (value("tx_isolation") != "READ-COMMITTED" && value("transaction_isolation") != "READ-COMMITTED") {
    return RefuseToServe("its isolation is not READ COMMITTED");
  }
  for (const char* mode : {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ENGINE_SUBSTITUTION"}) {
    if (!absl::StrContains(value("sql_mode"), mode)) return RefuseToServe(absl::StrCat("its sql_mode lacks ", mode));
  }
  if (absl::StrContains(value("sql_mode"), "NO_BACKSLASH_ESCAPES")) {
    return RefuseToServe("its sql_mode has NO_BACKSLASH_ESCAPES");
  }
  if (value("time_zone") != "+00:00") return RefuseToServe("its time zone is not UTC");
  if (value("autocommit") != "ON") return RefuseToServe("autocommit is off");
  if (value("innodb_lock_wait_timeout") != "3") return RefuseToServe("its lock wait timeout is not 3 s");
  if (value("character_set_client") != "utf8mb4" || value("character_set_connection") != "utf8mb4") {
    return RefuseToServe("its character set is not utf8mb4");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const DatabaseOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<ServerUrl> servers, ServersOf(options));
  if (servers.size() == 1) return OpenAt(servers.front(), options);

  RETURN_IF_ERROR(WhyNone(servers));
  DatabaseOptions hasty = options;
  hasty.connect_timeout = std::min(options.connect_timeout, kConnectTimeoutOfSeveral);
  hasty.io_timeout = std::min(options.io_timeout, kIoTimeoutOfSeveral);
  const size_t preferred = PreferredServer(servers);
  absl::Status failed;
  bool all_are_away = true;  // Not there, or read-only: so for everybody. A wrong password is the caller's own.
  for (size_t i = 0; i < servers.size(); ++i) {
    const size_t index = (preferred + i) % servers.size();
    absl::StatusOr<std::unique_ptr<Session>> session = OpenAt(servers[index], hasty);
    if (session.ok() && !(*session)->read_only_) {
      (*session)->server_ = index;
      PreferServer(servers, index);
      return session;
    }
    const bool lost = IsConnectionLost(session.status());
    if (lost) AvoidServer(servers, index);
    all_are_away = all_are_away && (lost || session.ok());
    // Of a server that is read-only nobody needs to know, if the one that was written to does not answer.
    if (failed.ok() || !session.ok()) failed = session.ok() ? NoneTakesWrites() : session.status();
  }
  if (all_are_away) RememberNone(servers, failed, kPauseOfSeveral);
  return failed;
}

absl::StatusOr<std::unique_ptr<Session>> Session::OpenAt(const ServerUrl& server, const DatabaseOptions& options) {
  RETURN_IF_ERROR(RequireTlsUnlessLoopback(server, options));
  InitThread();
  std::unique_ptr<sql::Connection> connection;
  try {
    sql::ConnectOptionsMap map = ConnectOptions(server, options);
    connection.reset(Driver().connect(map));
  } catch (const sql::SQLException& e) {
    absl::Status status = StatusOfError(e.getErrorCode(), e.what());
    if (status.code() != absl::StatusCode::kInternal) return status;
    return RefusedSession(e.getErrorCode(), status);
  } catch (const std::exception& e) {
    return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "The database cannot be reached.");
  }
  auto session = std::unique_ptr<Session>(new Session(std::move(connection), options.statement_log));
  RETURN_IF_ERROR(session->Prepare(options));
  session->BeginUse();
  return session;
}

absl::Status Session::Prepare(const DatabaseOptions& options) {
  if (!options.ca_file.empty()) {  // Before anything else crosses the wire.
    ASSIGN_OR_RETURN(const std::vector<Row> cipher, QueryText(kShowCipher));
    if (cipher.size() != 1 || cipher[0].Bytes(1).empty()) return RefuseToServe("it is not encrypted");
  }
  RETURN_IF_ERROR(Run(kSetSession));
  ASSIGN_OR_RETURN(const std::vector<Row> rows, QueryText(kShowSession));
  std::map<std::string, std::string> variables;
  for (const Row& row : rows) variables[row.Bytes(0)] = row.Bytes(1);
  for (const char* name : {"read_only", "super_read_only"}) {
    const std::string& value = variables[name];
    if (!value.empty() && value != "OFF") read_only_ = true;
  }
  return CheckVariables(variables);
}

void Session::BeginUse() {
  did_anything_ = false;
  lost_in_read_ = false;
  fatal_error_ = absl::OkStatus();
}

absl::Status Session::Failed(int error_number, absl::string_view message, bool read) {
  absl::Status status = StatusOfError(error_number, message);
  const bool lost = IsConnectionLost(status);
  if (lost || IsReadOnly(status)) usable_ = false;
  if (lost && read) lost_in_read_ = true;
  if ((!usable_ || IsRetryable(status)) && fatal_error_.ok()) fatal_error_ = status;
  return status;
}

absl::Status Session::CheckUsable() const {
  if (usable_) return absl::OkStatus();
  return fatal_error_.ok() ? StatusOfError(2006, "the session was dropped") : fatal_error_;
}

template <typename Act>
absl::Status Session::Guarded(absl::string_view text, bool read, Act act) {
  RETURN_IF_ERROR(CheckUsable());
  InitThread();
  absl::Status status;
  waiting_since_ns_ = absl::GetCurrentTimeNanos();
  const auto answered = absl::MakeCleanup([this] { waiting_since_ns_ = kWaitsForNothing; });
  try {
    act();
    did_anything_ = true;
    return absl::OkStatus();
  } catch (const sql::SQLException& e) {
    status = Failed(e.getErrorCode(), e.what(), read);
  } catch (const std::exception& e) {
    status = Failed(0, e.what(), read);
  }
  // The fault may be the handle's: prepare the statement anew next time. Closing a handle costs no round trip.
  if (status.code() == absl::StatusCode::kInternal) statements_.Erase(text);
  return status;
}

absl::StatusOr<std::vector<Row>> Session::Query(absl::string_view sql, const std::vector<Parameter>& parameters) {
  if (log_ != nullptr) log_->Record(log_session_, sql, parameters);
  std::vector<Row> rows;
  RETURN_IF_ERROR(Guarded(sql, true, [&] {
    sql::PreparedStatement& statement = statements_.Get(sql);
    Bind(statement, parameters);
    const std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
    rows = RowsOf(*result);
  }));
  return rows;
}

absl::StatusOr<int64_t> Session::Execute(absl::string_view sql, const std::vector<Parameter>& parameters) {
  if (log_ != nullptr) log_->Record(log_session_, sql, parameters);
  int64_t count = 0;
  RETURN_IF_ERROR(Guarded(sql, false, [&] {
    sql::PreparedStatement& statement = statements_.Get(sql);
    Bind(statement, parameters);
    count = statement.executeUpdate();
  }));
  return count;
}

absl::Status Session::Run(absl::string_view sql) {
  if (log_ != nullptr) log_->Record(log_session_, sql, {});
  return Guarded(sql, false, [&] {
    const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
    if (statement->execute(std::string(sql))) {
      const std::unique_ptr<sql::ResultSet> unread(statement->getResultSet());
    }
  });
}

absl::Status Session::SetAutocommit(bool on) {
  if (on == autocommit_) return absl::OkStatus();
  const absl::string_view sql = on ? "SET autocommit = 1" : "SET autocommit = 0";
  if (log_ != nullptr) log_->Record(log_session_, sql, {});
  RETURN_IF_ERROR(Guarded(sql, true, [&] {
    const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
    statement->execute(std::string(sql));
  }));
  autocommit_ = on;
  did_anything_ = false;  // Nothing that the user of the session asked for.
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Row>> Session::QueryText(absl::string_view sql) {
  std::vector<Row> rows;
  RETURN_IF_ERROR(Guarded(sql, true, [&] {
    const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
    const std::unique_ptr<sql::ResultSet> result(statement->executeQuery(std::string(sql)));
    rows = RowsOf(*result);
  }));
  return rows;
}

}  // namespace countersign::mysql
