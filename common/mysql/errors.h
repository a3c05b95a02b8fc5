// The one mapping of the database server's error numbers. Matched on the number, never on SQLSTATE, which differs
// between servers.
#ifndef COUNTERSIGN_COMMON_MYSQL_ERRORS_H_
#define COUNTERSIGN_COMMON_MYSQL_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace countersign::mysql {

// The status for a server's or client's error number, with these codes and reasons:
//   1213, 1205, 1020, 3101              ABORTED             DATABASE_CONFLICT     the transaction runner tries again
//   1062                                ALREADY_EXISTS      DUPLICATE_KEY
//   1290, 1836, 1792                    UNAVAILABLE         DATABASE_READ_ONLY    the session is dropped
//   2000–2999, 1053, 1927, 3169, 4031   UNAVAILABLE         DATABASE_UNAVAILABLE  the connection is lost
//   1040, 1203, 1226                    RESOURCE_EXHAUSTED  DATABASE_BUSY
//   1114, 1021, 1317                    UNAVAILABLE         DATABASE_UNAVAILABLE  full; the statement was killed
//   1969, 3024                          DEADLINE_EXCEEDED   DATABASE_TIMEOUT
//   1406, 1264, 1366 and all others     INTERNAL            DATABASE_ERROR        our mistake
// The server's own text is in the message of INTERNAL only (which callers never see); ServerMessageOf has it always.
absl::Status StatusOfError(int error_number, absl::string_view server_message);

// The server's number and text behind a status that StatusOfError made, else 0 and empty. The text is for logs.
int ErrorNumberOf(const absl::Status& status);
std::string ServerMessageOf(const absl::Status& status);

bool IsRetryable(const absl::Status& status);       // 1213, 1205, 1020, 3101
bool IsDuplicateKey(const absl::Status& status);    // 1062
bool IsConnectionLost(const absl::Status& status);  // 2006, 2013 and their kin
bool IsReadOnly(const absl::Status& status);        // 1290, 1836, 1792: a demoted primary

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_ERRORS_H_
