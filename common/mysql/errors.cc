#include "common/mysql/errors.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::mysql {
namespace {

// Payload "number:text" of a status made here.
constexpr absl::string_view kPayloadUrl = "countersign/mysql-error";

bool IsRetryableNumber(int number) {
  return number == 1213 ||  // ER_LOCK_DEADLOCK
         number == 1205 ||  // ER_LOCK_WAIT_TIMEOUT
         number == 1020 ||  // ER_CHECKREAD: MariaDB's snapshot conflict
         number == 3101;    // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: Group Replication
}

bool IsConnectionLostNumber(int number) {
  return (number >= 2000 && number <= 2999) ||  // The client library's own: all of them leave the session unknown.
         number == 1053 ||                      // ER_SERVER_SHUTDOWN
         number == 1927 ||                      // ER_CONNECTION_KILLED (MariaDB)
         number == 3032 ||                      // ER_SERVER_OFFLINE_MODE: a member that was expelled
         number == 3169 ||                      // ER_SESSION_WAS_KILLED (MySQL)
         number == 4031;                        // ER_CLIENT_INTERACTION_TIMEOUT (MySQL)
}

bool IsReadOnlyNumber(int number) {
  return number == 1290 ||  // ER_OPTION_PREVENTS_STATEMENT: --read-only, --super-read-only
         number == 1836 ||  // ER_READ_ONLY_MODE
         number ==
             3100 ||      // ER_RUN_HOOK_ERROR: Group Replication refuses the commit, the member is not (yet) fit for it
         number == 1792;  // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
}

// ER_GET_ERRNO names the system's error in its text: "Got error 28 …".
bool IsDiskFull(int number, absl::string_view server_message) {
  return number == 1030 && absl::StrContains(server_message, "error 28 ");
}

absl::Status PlainStatus(int number, absl::string_view server_message) {
  if (IsRetryableNumber(number)) {
    return Error(absl::StatusCode::kAborted, "DATABASE_CONFLICT", "Another transaction was in the way. Try again.");
  }
  if (IsReadOnlyNumber(number)) {
    return Error(absl::StatusCode::kUnavailable, "DATABASE_READ_ONLY", "The database does not accept writes now.");
  }
  if (IsConnectionLostNumber(number)) {
    return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "The database cannot be reached.");
  }
  switch (number) {
    case 1062:  // ER_DUP_ENTRY
      return Error(absl::StatusCode::kAlreadyExists, "DUPLICATE_KEY", "A row with this key is there already.");
    case 1040:  // ER_CON_COUNT_ERROR
    case 1203:  // ER_TOO_MANY_USER_CONNECTIONS
    case 1226:  // ER_USER_LIMIT_REACHED
      return Error(absl::StatusCode::kResourceExhausted, "DATABASE_BUSY", "The database takes no more connections.");
    case 1114:  // ER_RECORD_FILE_FULL
    case 1021:  // ER_DISK_FULL
    case 1026:  // ER_ERROR_ON_WRITE
    case 1598:  // ER_BINLOG_LOGGING_IMPOSSIBLE
    case 3:     // EE_WRITE
    case 20:    // EE_DISK_FULL (MySQL)
    case 1317:  // ER_QUERY_INTERRUPTED
      return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "The database could not finish this.");
    case 1969:  // ER_STATEMENT_TIMEOUT (MariaDB)
    case 3024:  // ER_QUERY_TIMEOUT (MySQL)
      return Error(absl::StatusCode::kDeadlineExceeded, "DATABASE_TIMEOUT", "The database took too long.");
    default:
      if (IsDiskFull(number, server_message)) return PlainStatus(1021, "");
      return Error(absl::StatusCode::kInternal, "DATABASE_ERROR",
                   absl::StrCat("Database error ", number, ": ", server_message));
  }
}

std::string PayloadOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status StatusOfError(int error_number, absl::string_view server_message) {
  absl::Status status = PlainStatus(error_number, server_message);
  status.SetPayload(kPayloadUrl, absl::Cord(absl::StrCat(error_number, ":", server_message)));
  return status;
}

int ErrorNumberOf(const absl::Status& status) {
  const std::string payload = PayloadOf(status);
  int number = 0;
  const bool parsed = absl::SimpleAtoi(absl::string_view(payload).substr(0, payload.find(':')), &number);
  return parsed ? number : 0;
}

std::string ServerMessageOf(const absl::Status& status) {
  const std::string payload = PayloadOf(status);
  const size_t colon = payload.find(':');
  return colon == std::string::npos ? std::string() : payload.substr(colon + 1);
}

bool IsRetryable(const absl::Status& status) { return IsRetryableNumber(ErrorNumberOf(status)); }
bool IsDuplicateKey(const absl::Status& status) { return ErrorNumberOf(status) == 1062; }
bool IsConnectionLost(const absl::Status& status) { return IsConnectionLostNumber(ErrorNumberOf(status)); }
bool IsReadOnly(const absl::Status& status) { return IsReadOnlyNumber(ErrorNumberOf(status)); }

}  // namespace countersign::mysql
