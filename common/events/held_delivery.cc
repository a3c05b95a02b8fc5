#include "common/events/held_delivery.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/all_buckets.h"
#include "common/events/change.h"
#include "common/events/cursor.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"

namespace countersign::events {
namespace {

// The columns of HeldOf(), in its order.
#define COUNTERSIGN_HELD_COLUMNS \
  "tenant_id, aggregate_id, consumer, version, parked, attempts, next_attempt, last_error"

constexpr absl::string_view kSelectHeld =
    "SELECT " COUNTERSIGN_HELD_COLUMNS " FROM held_deliveries WHERE bucket = ? AND consumer = ?";

constexpr absl::string_view kSelectDue =
    "SELECT " COUNTERSIGN_HELD_COLUMNS
    " FROM held_deliveries WHERE bucket = ? AND consumer = ? AND parked = 0 AND next_attempt <= UTC_TIMESTAMP(6) "
    "ORDER BY next_attempt LIMIT ?";

constexpr absl::string_view kFindHeld =
    "SELECT " COUNTERSIGN_HELD_COLUMNS
    ", UTC_TIMESTAMP(6) FROM held_deliveries WHERE tenant_id = ? AND aggregate_id = ? AND consumer = ?";

constexpr absl::string_view kSelectWaitingEvent =
    "SELECT type, position FROM events WHERE tenant_id = ? AND aggregate_id = ? AND version = ?";

constexpr absl::string_view kSelectPage =
    "SELECT " COUNTERSIGN_HELD_COLUMNS
    " FROM held_deliveries WHERE (parked < ? OR (parked = ? AND (tenant_id, aggregate_id, consumer) > (?, ?, ?)))";
constexpr absl::string_view kParkedFirst = " ORDER BY parked DESC, tenant_id, aggregate_id, consumer LIMIT ?";

#undef COUNTERSIGN_HELD_COLUMNS

constexpr absl::string_view kFindDue =
    "SELECT DISTINCT bucket, consumer FROM held_deliveries WHERE parked = 0 AND next_attempt <= UTC_TIMESTAMP(6)";

constexpr absl::string_view kUpdateHeld =
    "UPDATE held_deliveries SET version = ?, parked = ?, attempts = ?, "
    "next_attempt = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, last_error = ? "
    "WHERE tenant_id = ? AND aggregate_id = ? AND consumer = ?";

constexpr absl::string_view kInsertHeld =
    "INSERT INTO held_deliveries (tenant_id, aggregate_id, consumer, bucket, version, parked, attempts, next_attempt, "
    "last_error) VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, ?)";

constexpr absl::string_view kDeleteHeld =
    "DELETE FROM held_deliveries WHERE tenant_id = ? AND aggregate_id = ? AND consumer = ?";

constexpr absl::string_view kEndPauses =
    "UPDATE held_deliveries SET next_attempt = UTC_TIMESTAMP(6) "
    "WHERE bucket IN (@) AND consumer = ? AND parked = 0 AND next_attempt > UTC_TIMESTAMP(6)";

// An attempt in between changes version, parked or attempts.
constexpr absl::string_view kReplaceHeld =
    "UPDATE held_deliveries SET version = ?, parked = ?, attempts = ?, next_attempt = ?, last_error = ? "
    "WHERE tenant_id = ? AND aggregate_id = ? AND consumer = ? AND version = ? AND parked = ? AND attempts = ?";

constexpr absl::Duration kFirstRetryPause = absl::Seconds(1);
constexpr absl::Duration kLongestRetryPause = absl::Minutes(5);

constexpr size_t kLastErrorLength = 1000;  // Of the column.

// A receiver's message may hold anything, and a column that refuses it would stop the bucket.
std::string Printable(absl::string_view message) {
  std::string text(message.substr(0, kLastErrorLength));
  std::replace_if(text.begin(), text.end(), [](char c) { return !absl::ascii_isprint(c); }, '?');
  return text;
}

HeldDelivery HeldOf(mysql::RowReader& row) {
  return HeldDelivery{.tenant = row.Id(),
                      .aggregate = row.Id(),
                      .consumer = row.Text(),
                      .version = row.Int(),
                      .parked = row.Bool(),
                      .attempts = static_cast<int>(row.Int()),
                      .next_attempt = row.Time(),
                      .last_error = row.Text()};
}

// A position in the list of held deliveries; by default before its first row.
struct ListPlace {
  int parked = 2;
  Uuid tenant;
  Uuid aggregate;
  std::string consumer;
};

// The text is authenticated, so it is what ListHeld made, or empty.
ListPlace PlaceOf(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 3));
  if (parts.size() != 4) return {};
  return {.parked = parts[0] == "1" ? 1 : 0,
          .tenant = Uuid::Parse(parts[1]).value_or(Uuid()),
          .aggregate = Uuid::Parse(parts[2]).value_or(Uuid()),
          .consumer = parts[3]};
}

absl::StatusOr<std::vector<HeldDelivery>> ReadAll(mysql::Reader& reader, absl::string_view sql,
                                                  const std::vector<mysql::Parameter>& parameters) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(sql, parameters));
  return mysql::ReadItems<HeldDelivery>(rows, HeldOf);
}

}  // namespace

absl::Duration PauseAfter(int attempts) {
  constexpr int kEnoughDoublings = 10;
  return std::min(kLongestRetryPause, kFirstRetryPause * (1 << std::clamp(attempts - 1, 0, kEnoughDoublings)));
}

absl::Status StoreHeld(mysql::Database& database, absl::Time deadline, const HeldDelivery& held, int64_t position,
                       int64_t epoch) {
  const int bucket = BucketOf(held.tenant);
  const int64_t pause_us = absl::ToInt64Microseconds(PauseAfter(held.attempts));
  const std::string error = Printable(held.last_error);
  return database.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(Leases::Lock(connection, bucket, epoch));
    RETURN_IF_ERROR(StoreCursor(connection, bucket, held.consumer, position, epoch));
    ASSIGN_OR_RETURN(const int64_t updated,
                     connection.Execute(kUpdateHeld, {held.version, held.parked, held.attempts, pause_us, error,
                                                      held.tenant, held.aggregate, held.consumer}));
    if (updated > 0) return absl::OkStatus();
    return connection
        .Execute(kInsertHeld, {held.tenant, held.aggregate, held.consumer, bucket, held.version, held.parked,
                               held.attempts, pause_us, error})
        .status();
  });
}

absl::Status RemoveHeld(mysql::Database& database, absl::Time deadline, const HeldDelivery& held, int64_t epoch) {
  return database.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(Leases::Lock(connection, BucketOf(held.tenant), epoch));
    return connection.Execute(kDeleteHeld, {held.tenant, held.aggregate, held.consumer}).status();
  });
}

absl::StatusOr<std::vector<HeldDelivery>> ReadHeld(mysql::Reader& reader, int bucket, const std::string& consumer) {
  return ReadAll(reader, kSelectHeld, {bucket, consumer});
}

absl::StatusOr<std::vector<HeldDelivery>> ReadDue(mysql::Reader& reader, int bucket, const std::string& consumer,
                                                  int limit) {
  return ReadAll(reader, kSelectDue, {bucket, consumer, limit});
}

absl::StatusOr<std::vector<std::pair<int, std::string>>> FindDue(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kFindDue, {}));
  std::vector<std::pair<int, std::string>> due;
  due.reserve(rows.size());
  for (const mysql::Row& row : rows) due.emplace_back(static_cast<int>(row.Int(0)), row.Bytes(1));
  return due;
}

absl::Status EndPauses(mysql::Connection& connection, const std::string& consumer) {
  static const std::string end_pauses = InAllBuckets(kEndPauses);
  return connection.Execute(end_pauses, AllBuckets({consumer})).status();
}

absl::StatusOr<WaitingDelivery> FindHeld(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate,
                                         const std::string& consumer) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kFindHeld, {tenant, aggregate, consumer}));
  if (!row.has_value()) {
    return NotFound("DELIVERY_NOT_FOUND", "No delivery of this aggregate to this consumer waits.",
                    {{"tenant", tenant.ToString()}, {"aggregate", aggregate.ToString()}, {"consumer", consumer}});
  }
  WaitingDelivery waiting;
  waiting.now = row->Time(8);
  ASSIGN_OR_RETURN(waiting.held, mysql::ReadItem<HeldDelivery>(*row, HeldOf));
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> event,
                   reader.QueryOne(kSelectWaitingEvent, {tenant, aggregate, waiting.held.version}));
  if (event.has_value()) {
    waiting.event_type = event->Bytes(0);
    waiting.event_position = event->IsNull(1) ? 0 : event->Int(1);
  }
  return waiting;
}

HeldDelivery Retried(const WaitingDelivery& waiting) {
  HeldDelivery held = waiting.held;
  held.parked = false;
  held.next_attempt = waiting.now;
  return held;
}

HeldDelivery Abandoned(const WaitingDelivery& waiting) {
  HeldDelivery held = Retried(waiting);
  ++held.version;
  held.attempts = 0;
  held.last_error.clear();
  return held;
}

absl::Status ReplaceHeld(mysql::Connection& connection, const WaitingDelivery& waiting, const HeldDelivery& after) {
  const HeldDelivery& before = waiting.held;
  if (after.version != before.version) {
    const int bucket = BucketOf(before.tenant);
    // The lease first, as workers do: no cursor moves from here on.
    RETURN_IF_ERROR(Leases::Fence(connection, bucket));
    ASSIGN_OR_RETURN(const int64_t cursor, ReadCursor(connection, bucket, before.consumer));
    if (cursor < waiting.event_position) {
      return FailedPrecondition("REDELIVERY_UNDER_WAY",
                                "A redelivery to this consumer is under way; try again when it has passed the event.",
                                {{"consumer", before.consumer}});
    }
  }
  return connection.ExecuteGuarded(
      kReplaceHeld, {after.version, after.parked, after.attempts, after.next_attempt, after.last_error, before.tenant,
                     before.aggregate, before.consumer, before.version, before.parked, before.attempts});
}

absl::StatusOr<mysql::Page<HeldDelivery>> ListHeld(mysql::Database& database, absl::Time deadline,
                                                   const mysql::PageQuery& query) {
  const ListPlace after = PlaceOf(query.after);
  return mysql::ListPage<HeldDelivery>(
      database, deadline,
      mysql::StatementOf(kSelectPage, {after.parked, after.parked, after.tenant, after.aggregate, after.consumer},
                         query, kParkedFirst),
      HeldOf, [](const HeldDelivery& held) {
        return absl::StrCat(held.parked ? 1 : 0, "/", held.tenant.ToString(), "/", held.aggregate.ToString(), "/",
                            held.consumer);
      });
}

}  // namespace countersign::events
