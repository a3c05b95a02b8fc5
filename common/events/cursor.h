// How far a consumer of the log has come in a bucket, durably.
#ifndef COUNTERSIGN_COMMON_EVENTS_CURSOR_H_
#define COUNTERSIGN_COMMON_EVENTS_CURSOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"

namespace countersign::events {

// Sees to it that the consumer has a cursor in every bucket that has a lease; a new consumer begins at the first event.
absl::Status CreateCursors(mysql::Connection& connection, const std::string& consumer);

// The position of the last event that was delivered or set aside; 0 before the first.
absl::StatusOr<int64_t> ReadCursor(mysql::Reader& reader, int bucket, const std::string& consumer);

struct BehindCursor {
  int bucket = 0;
  std::string consumer;
  int64_t position = 0;
};

// The cursors of the buckets that `owner` has leased whose logs go on after them. One index dive per cursor.
absl::StatusOr<std::vector<BehindCursor>> FindBehind(mysql::Reader& reader, const std::string& owner);

// Moves the cursor. Error: LostRace() when the bucket's lease has another epoch.
absl::Status StoreCursor(mysql::Connection& connection, int bucket, const std::string& consumer, int64_t position,
                         int64_t epoch);

// A bucket's cursor on its way to `position`, under the lease of `epoch`.
struct CursorMove {
  int bucket = 0;
  int64_t position = 0;
  int64_t epoch = 0;
};

// Moves the consumer's cursors of different buckets in one statement; those whose lease has another epoch stay. True
// when all were moved.
absl::StatusOr<bool> StoreCursors(mysql::Connection& connection, const std::string& consumer,
                                  const std::vector<CursorMove>& moves);

// Moves the cursor back to before the bucket's first event with create_time >= since, if there is one, unless it is
// there already, and fences the lease, so that whoever works on the bucket starts again from there. Reads all that is
// older.
absl::Status RewindCursor(mysql::Database& database, absl::Time deadline, int bucket, const std::string& consumer,
                          absl::Time since);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_CURSOR_H_
