#include "common/events/cursor.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/event_feed.h"
#include "common/events/lease.h"
#include "common/mysql/gather.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kCountCursors = "SELECT COUNT(*) FROM cursors WHERE consumer = ?";

constexpr absl::string_view kCreateCursors =
    "INSERT INTO cursors (bucket, consumer, position) SELECT leases.bucket, ?, 0 FROM leases "
    "ON DUPLICATE KEY UPDATE cursors.position = cursors.position";

constexpr absl::string_view kSelectCursor = "SELECT position FROM cursors WHERE bucket = ? AND consumer = ?";

constexpr absl::string_view kSelectCursors =
    "SELECT cursors.bucket, cursors.consumer, cursors.position FROM leases JOIN cursors "
    "ON cursors.bucket = leases.bucket WHERE leases.owner = ?";

// Never back: another of the holder's workers may have stored a later position meanwhile. Locked, so that a rewind
// which commits while this statement waits for the cursor is seen: it has fenced the lease.
constexpr absl::string_view kStoreCursor =
    "UPDATE cursors SET position = GREATEST(position, ?) WHERE bucket = ? AND consumer = ? "
    "AND EXISTS (SELECT 1 FROM leases WHERE leases.bucket = ? AND leases.epoch = ? LOCK IN SHARE MODE)";

// The same for `count` buckets.
std::string StoreCursorsStatement(size_t count) {
  std::string when;
  std::string which = "?";
  for (size_t i = 0; i < count; ++i) when += " WHEN ? THEN ?";
  for (size_t i = 1; i < count; ++i) which += ", ?";
  return absl::StrCat("UPDATE cursors SET position = GREATEST(position, CASE bucket", when, " END) WHERE bucket IN (",
                      which,
                      ") AND consumer = ? AND EXISTS (SELECT 1 FROM leases WHERE leases.bucket = cursors.bucket "
                      "AND leases.epoch = CASE leases.bucket",
                      when, " END LOCK IN SHARE MODE)");
}

constexpr absl::string_view kFirstSince =
    "SELECT position FROM events WHERE bucket = ? AND position > 0 AND create_time >= ? ORDER BY position LIMIT 1";

constexpr absl::string_view kRewindCursor =
    "UPDATE cursors SET position = ? WHERE bucket = ? AND consumer = ? AND position > ?";

}  // namespace

absl::Status CreateCursors(mysql::Connection& connection, const std::string& consumer) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> count, connection.QueryOne(kCountCursors, {consumer}));
  if (count.has_value() && count->Int(0) == kBuckets) return absl::OkStatus();
  return connection.Execute(kCreateCursors, {consumer}).status();
}

absl::StatusOr<int64_t> ReadCursor(mysql::Reader& reader, int bucket, const std::string& consumer) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectCursor, {bucket, consumer}));
  return row.has_value() ? row->Int(0) : 0;
}

absl::StatusOr<std::vector<BehindCursor>> FindBehind(mysql::Reader& reader, const std::string& owner) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kSelectCursors, {owner}));
  // Two rows a bucket on every server; as a subquery of the statement above MySQL reads the whole log.
  ASSIGN_OR_RETURN(const auto heads, ReadHeadPositions(reader));
  std::vector<BehindCursor> behind;
  for (const mysql::Row& row : rows) {
    const BehindCursor cursor{.bucket = static_cast<int>(row.Int(0)), .consumer = row.Bytes(1), .position = row.Int(2)};
    if (cursor.bucket >= 0 && cursor.bucket < kBuckets && cursor.position < heads[cursor.bucket]) {
      behind.push_back(cursor);
    }
  }
  return behind;
}

absl::Status StoreCursor(mysql::Connection& connection, int bucket, const std::string& consumer, int64_t position,
                         int64_t epoch) {
  return connection.ExecuteGuarded(kStoreCursor, {position, bucket, consumer, bucket, epoch});
}

absl::StatusOr<bool> StoreCursors(mysql::Connection& connection, const std::string& consumer,
                                  const std::vector<CursorMove>& moves) {
  const size_t count = mysql::RoundUpKeys(moves.size());
  const auto move = [&](size_t i) -> const CursorMove& { return moves[std::min(i, moves.size() - 1)]; };
  std::vector<mysql::Parameter> parameters;
  for (size_t i = 0; i < count; ++i) parameters.insert(parameters.end(), {move(i).bucket, move(i).position});
  for (size_t i = 0; i < count; ++i) parameters.emplace_back(move(i).bucket);
  parameters.emplace_back(consumer);
  for (size_t i = 0; i < count; ++i) parameters.insert(parameters.end(), {move(i).bucket, move(i).epoch});
  ASSIGN_OR_RETURN(const int64_t moved, connection.Execute(StoreCursorsStatement(count), parameters));
  return moved == static_cast<int64_t>(moves.size());
}

absl::Status RewindCursor(mysql::Database& database, absl::Time deadline, int bucket, const std::string& consumer,
                          absl::Time since) {
  std::optional<mysql::Row> first;
  RETURN_IF_ERROR(database.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(first, reader.QueryOne(kFirstSince, {bucket, since}));
    return absl::OkStatus();
  }));
  if (!first.has_value()) return absl::OkStatus();
  const int64_t position = first->Int(0) - 1;
  return database.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    // The stored cursor may lag behind the worker's own, so the worker must start again even if the row stays.
    RETURN_IF_ERROR(Leases::Fence(connection, bucket));
    return connection.Execute(kRewindCursor, {position, bucket, consumer, position}).status();
  });
}

}  // namespace countersign::events
