#include "common/events/log_stats.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/all_buckets.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kCountUnsealed = "SELECT COUNT(*) FROM events WHERE position IS NULL AND bucket IN (@)";

// The next event of each cursor is one look-up, because positions have no gap.
constexpr absl::string_view kOldestUndelivered =
    "SELECT cursors.consumer, MIN(events.create_time) FROM cursors LEFT JOIN events ON events.bucket = cursors.bucket "
    "AND events.position = cursors.position + 1 WHERE cursors.bucket IN (@) GROUP BY cursors.consumer";

constexpr absl::string_view kCountHeld =
    "SELECT consumer, parked, COUNT(*) FROM held_deliveries WHERE bucket IN (@) GROUP BY consumer, parked";

}  // namespace

absl::StatusOr<LogStats> ReadLogStats(mysql::Reader& reader) {
  static const std::string count_unsealed = InAllBuckets(kCountUnsealed);
  static const std::string oldest_undelivered = InAllBuckets(kOldestUndelivered);
  static const std::string count_held = InAllBuckets(kCountHeld);
  const std::vector<mysql::Parameter> buckets = AllBuckets();

  LogStats stats;
  ASSIGN_OR_RETURN(const auto unsealed, reader.QueryOne(count_unsealed, buckets));
  if (unsealed.has_value()) stats.unsealed = unsealed->Int(0);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> oldest, reader.Query(oldest_undelivered, buckets));
  for (const mysql::Row& row : oldest) {
    stats.consumers[row.Bytes(0)].oldest_undelivered = row.OptionalTime(1).value_or(absl::InfiniteFuture());
  }
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> held, reader.Query(count_held, buckets));
  for (const mysql::Row& row : held) {
    ConsumerStats& consumer = stats.consumers[row.Bytes(0)];
    (row.Bool(1) ? consumer.parked : consumer.waiting) = row.Int(2);
  }
  return stats;
}

}  // namespace countersign::events
