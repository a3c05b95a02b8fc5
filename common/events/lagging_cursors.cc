#include "common/events/lagging_cursors.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/events/cursor.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kStoreTimeout = absl::Seconds(10);

}  // namespace

LaggingCursors::LaggingCursors(mysql::Database& database, std::string consumer, MonotonicClock now)
    : database_(database), consumer_(std::move(consumer)), now_(std::move(now)) {}

void LaggingCursors::Note(int bucket, Cursor& cursor) {
  absl::MutexLock lock(&noted_mutex_);
  Noted& noted = noted_[bucket];
  if (noted.epoch == cursor.epoch && noted.stored > cursor.stored) {
    cursor.stored = noted.stored;
    cursor.stored_at = now_();
  }
  noted = {.epoch = cursor.epoch, .position = cursor.position, .stored = cursor.stored};
}

absl::Status LaggingCursors::Store(int bucket, Cursor& cursor) {
  absl::MutexLock storing(&store_mutex_);
  Note(bucket, cursor);
  if (cursor.lag() == 0) {
    cursor.stored_at = now_();
    return absl::OkStatus();
  }
  std::vector<CursorMove> moves;
  {
    absl::MutexLock lock(&noted_mutex_);
    for (int other = 0; other < kBuckets; ++other) {
      const Noted& noted = noted_[other];
      if (noted.epoch == 0 || noted.position == noted.stored) continue;
      moves.push_back({.bucket = other, .position = noted.position, .epoch = noted.epoch});
    }
  }
  const absl::Time deadline = absl::Now() + kStoreTimeout;
  RETURN_IF_ERROR(database_.Autocommit(deadline, [&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const bool all, StoreCursors(connection, consumer_, moves));
    if (all) return absl::OkStatus();
    // Some lease has gone. If it is another's, its own worker will find out.
    moves = {{.bucket = bucket, .position = cursor.position, .epoch = cursor.epoch}};
    return StoreCursor(connection, bucket, consumer_, cursor.position, cursor.epoch);
  }));
  {
    absl::MutexLock lock(&noted_mutex_);
    for (const CursorMove& move : moves) {
      if (noted_[move.bucket].epoch == move.epoch) noted_[move.bucket].stored = move.position;
    }
  }
  cursor.stored = cursor.position;
  cursor.stored_at = now_();
  return absl::OkStatus();
}

void LaggingCursors::Forget(int bucket) {
  absl::MutexLock lock(&noted_mutex_);
  noted_[bucket] = Noted{};
}

}  // namespace countersign::events
