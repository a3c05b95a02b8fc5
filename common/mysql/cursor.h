// How far a consumer of the log has come in a bucket, durably.
#ifndef COUNTERSIGN_COMMON_MYSQL_CURSOR_H_
#define COUNTERSIGN_COMMON_MYSQL_CURSOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"

namespace countersign::mysql {

// Sees to it that the consumer has a cursor in every bucket that has a lease; a new consumer begins at the first event.
absl::Status CreateCursors(Connection& connection, const std::string& consumer);

// The position of the last event that was delivered or set aside; 0 before the first.
absl::StatusOr<int64_t> ReadCursor(Connection& connection, int bucket, const std::string& consumer);

// Moves the cursor. Error: LostRace() when the bucket's lease has another epoch.
absl::Status StoreCursor(Connection& connection, int bucket, const std::string& consumer, int64_t position,
                         int64_t epoch);

// Where a consumer's cursor in a bucket has to be, so that it sees some event again.
struct Rewind {
  int bucket = 0;
  int64_t position = 0;
};

// Before the first event with create_time >= since of each bucket that has one, in the order of the buckets. Reads all
// that is older.
absl::StatusOr<std::vector<Rewind>> FindRewinds(Database& database, absl::Time deadline, absl::Time since);

// Moves the consumer's cursors back there, unless they are there already, and fences the leases, so that whoever works
// on these buckets starts again from there. In the caller's transaction.
absl::Status RewindCursors(Connection& connection, const std::string& consumer, const std::vector<Rewind>& rewinds);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_CURSOR_H_
