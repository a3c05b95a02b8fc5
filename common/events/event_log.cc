#include "common/events/event_log.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/events/event_row.h"
#include "common/mysql/errors.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kSelectHead =
    "SELECT position, seal FROM events WHERE bucket = ? AND position IS NOT NULL ORDER BY position DESC LIMIT 1";

constexpr absl::string_view kSelectHeadAndSeal =
    "SELECT position, seal, (SELECT seal FROM events AS earlier WHERE earlier.bucket = ? AND earlier.position = ?) "
    "FROM events WHERE bucket = ? AND position IS NOT NULL ORDER BY position DESC LIMIT 1";

// The ends are found as in event_feed.cc, by an entry of the index for each bucket; then each is one row by it.
constexpr absl::string_view kSelectHeads =
    "SELECT events.bucket, events.position, events.seal FROM (SELECT leases.bucket AS bucket, "
    "(SELECT position FROM events FORCE INDEX (events_by_position) WHERE events.bucket = leases.bucket "
    "ORDER BY events.bucket DESC, position DESC LIMIT 1) AS position FROM leases) AS ends "
    "JOIN events ON events.bucket = ends.bucket AND events.position = ends.position";

constexpr absl::string_view kSelectSealed =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS " FROM events WHERE bucket = ? AND position > ? ORDER BY position LIMIT ?";

constexpr absl::string_view kSelectAggregate =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS
    " FROM events FORCE INDEX (PRIMARY) WHERE tenant_id = ? AND aggregate_id = ? AND version >= ? AND bucket = ? "
    "AND position IS NOT NULL ORDER BY version LIMIT ?";

constexpr absl::string_view kSelectLast =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS
    " FROM events WHERE tenant_id = ? AND aggregate_id = ? ORDER BY version DESC LIMIT 1";

// In the order of the primary key, so that an aggregate's versions stay in order. After a row of this order, because
// forged rows stay there: they would hide what is behind them.
constexpr absl::string_view kSelectUnsealed =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS
    " FROM events FORCE INDEX (events_by_position) WHERE bucket = ? AND position IS NULL "
    "AND (tenant_id, aggregate_id, version) > (?, ?, ?) "
    "ORDER BY tenant_id, aggregate_id, version LIMIT ?";

constexpr absl::string_view kSealEvent =
    "UPDATE events SET position = ?, seal = ? WHERE tenant_id = ? AND aggregate_id = ? AND version = ? "
    "AND position IS NULL AND EXISTS (SELECT 1 FROM leases WHERE leases.bucket = ? AND leases.epoch = ?)";

// There is one only where somebody took the position away.
constexpr absl::string_view kSelectSealWithoutPosition =
    "SELECT version FROM events WHERE bucket = ? AND position IS NULL AND seal IS NOT NULL LIMIT 1";

// The first row of a bucket that does not exist: no chain covers it.
constexpr absl::string_view kSelectStray =
    "SELECT bucket, COALESCE(position, 0) FROM events WHERE bucket < 0 OR bucket >= ? ORDER BY bucket LIMIT 1";

constexpr int kVerifyBatch = 500;

std::string SealOf(const std::string& previous_seal, const std::string& digest) {
  return Sha256(absl::StrCat(previous_seal, digest));
}

absl::Status WriteSeal(mysql::Connection& connection, const Event& event, int bucket, int64_t epoch) {
  const absl::Status status = connection.ExecuteGuarded(
      kSealEvent, {event.position, event.seal, event.tenant, event.aggregate, event.version, bucket, epoch});
  return mysql::IsDuplicateKey(status) ? LostRace() : status;
}

absl::Status WriteSeals(mysql::Database& database, absl::Time deadline, const std::vector<Event>& events, int bucket,
                        int64_t epoch) {
  const auto write = [&](mysql::Connection& connection) -> absl::Status {
    for (const Event& event : events) RETURN_IF_ERROR(WriteSeal(connection, event, bucket, epoch));
    return absl::OkStatus();
  };
  // One event, the usual case, is one statement that commits by itself: no START TRANSACTION, no COMMIT.
  return events.size() == 1 ? database.Autocommit(deadline, write) : database.Transact(deadline, write);
}

absl::Status ChainBroken(int bucket, int64_t position, absl::string_view what) {
  return Error(absl::StatusCode::kDataLoss, "CHAIN_BROKEN",
               absl::StrCat("The log of bucket ", bucket, " is broken at position ", position, ": ", what),
               {{"bucket", absl::StrCat(bucket)}, {"position", absl::StrCat(position)}});
}

constexpr int kLoggedForgeries = 10;  // Of one look at a bucket.

// Left unsealed, so that no reader gets it; the metric of unsealed events tells that it is there.
void LogForgery(const Event& event, int bucket, int number) {
  if (number > kLoggedForgeries) return;
  Log(Level::kError, "an event that this service did not make is not sealed",
      {{"bucket", absl::StrCat(bucket)},
       {"tenant", event.tenant.ToString()},
       {"aggregate", event.aggregate.ToString()},
       {"version", absl::StrCat(event.version)}});
}

// The next events without a position that this service made, at most kSealBatch.
absl::StatusOr<std::vector<Event>> ReadGenuineUnsealed(mysql::Reader& reader, int bucket) {
  std::vector<Event> events;
  Uuid tenant;
  Uuid aggregate;
  int64_t version = std::numeric_limits<int64_t>::min();
  int forgeries = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                     reader.Query(kSelectUnsealed, {bucket, tenant, aggregate, version, kSealBatch}));
    for (const mysql::Row& row : rows) {
      Event event = EventOf(row);
      if (DigestOf(event) == StoredDigestOf(row) && IsGenuine(row, StoredDigestOf(row))) {
        events.push_back(std::move(event));
        if (events.size() == kSealBatch) return events;
      } else {
        LogForgery(event, bucket, ++forgeries);
      }
    }
    if (rows.size() < kSealBatch) return events;
    tenant = rows.back().Id(0);
    aggregate = rows.back().Id(1);
    version = rows.back().Int(2);
  }
}

// Checks one sealed row against the head before it, and moves the head to it.
absl::Status VerifyRow(const mysql::Row& row, int bucket, LogHead& head) {
  const Event event = EventOf(row);
  const int64_t expected = head.position + 1;
  if (event.position != expected) return ChainBroken(bucket, expected, "an event is missing.");
  const std::string digest = DigestOf(event);
  if (BucketOf(event.tenant) != bucket) return ChainBroken(bucket, expected, "the event belongs to another bucket.");
  // Such a row's resource_digest is in no digest: it came there later.
  const bool is_old = event.payload_type.empty();
  if (is_old && !event.resource_digest.empty()) return ChainBroken(bucket, expected, "the event was changed.");
  if (StoredDigestOf(row) != digest) return ChainBroken(bucket, expected, "the event was changed.");
  if (!IsGenuine(row, digest)) return ChainBroken(bucket, expected, "this service did not make the event.");
  if (event.seal != SealOf(head.seal, digest)) return ChainBroken(bucket, expected, "the seal does not follow.");
  head = LogHead{.position = event.position, .seal = event.seal};
  return absl::OkStatus();
}

}  // namespace

LogHead NextHead(const LogHead& head, const std::string& digest) {
  return {.position = head.position + 1, .seal = SealOf(head.seal, digest)};
}

absl::StatusOr<LogHead> ReadHead(mysql::Reader& reader, int bucket) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectHead, {bucket}));
  if (!row.has_value()) return LogHead{};
  return LogHead{.position = row->Int(0), .seal = row->Bytes(1)};
}

absl::StatusOr<HeadAndSeal> ReadHeadAndSeal(mysql::Reader& reader, int bucket, int64_t position) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   reader.QueryOne(kSelectHeadAndSeal, {bucket, position, bucket}));
  if (!row.has_value()) return HeadAndSeal{};
  return HeadAndSeal{.head = {.position = row->Int(0), .seal = row->Bytes(1)}, .seal = row->Bytes(2)};
}

absl::StatusOr<std::array<LogHead, kBuckets>> ReadHeads(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kSelectHeads, {}));
  std::array<LogHead, kBuckets> heads;
  for (const mysql::Row& row : rows) {
    if (row.Int(0) >= 0 && row.Int(0) < kBuckets) heads[row.Int(0)] = {.position = row.Int(1), .seal = row.Bytes(2)};
  }
  return heads;
}

absl::StatusOr<std::vector<Event>> ReadSealed(mysql::Reader& reader, int bucket, int64_t after, int limit) {
  return ReadEvents(reader, kSelectSealed, {bucket, after, limit});
}

absl::StatusOr<std::vector<Event>> ReadAggregate(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate,
                                                 int64_t version, int limit) {
  return ReadEvents(reader, kSelectAggregate, {tenant, aggregate, version, BucketOf(tenant), limit});
}

absl::StatusOr<std::optional<Event>> ReadLast(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectLast, {tenant, aggregate}));
  if (!row.has_value()) return std::nullopt;
  return EventOf(*row);
}

absl::StatusOr<std::vector<Event>> SealBucket(mysql::Database& database, absl::Time deadline, int bucket, int64_t epoch,
                                              LogHead& head) {
  std::vector<Event> events;
  RETURN_IF_ERROR(database.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(events, ReadGenuineUnsealed(reader, bucket));
    return absl::OkStatus();
  }));
  if (events.empty()) return events;
  LogHead next = head;
  for (Event& event : events) {
    next = NextHead(next, DigestOf(event));
    event.position = next.position;
    event.seal = next.seal;
  }
  RETURN_IF_ERROR(WriteSeals(database, deadline, events, bucket, epoch));
  head = std::move(next);
  return events;
}

absl::StatusOr<bool> VerifyChain(mysql::Reader& reader, int bucket, int limit, absl::Span<const LogHead> known,
                                 LogHead& head) {
  // From the very start, so that a row slipped in below position 1 is found, too.
  const int64_t after = head.position == 0 ? std::numeric_limits<int64_t>::min() : head.position;
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kSelectSealed, {bucket, after, limit}));
  auto next = std::upper_bound(known.begin(), known.end(), head.position,
                               [](int64_t position, const LogHead& noted) { return position < noted.position; });
  for (const mysql::Row& row : rows) {
    RETURN_IF_ERROR(VerifyRow(row, bucket, head));
    for (; next != known.end() && next->position == head.position; ++next) {
      if (next->seal == head.seal) continue;
      return ChainBroken(bucket, head.position, "the seal is not the one that is known.");
    }
  }
  if (rows.size() == static_cast<size_t>(limit)) return false;
  if (next != known.end()) {
    return ChainBroken(bucket, head.position + 1,
                       absl::StrCat("the log is cut off; it went on to position ", known.back().position, "."));
  }
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> torn, reader.QueryOne(kSelectSealWithoutPosition, {bucket}));
  if (torn.has_value()) return ChainBroken(bucket, head.position + 1, "an event with a seal has no position.");
  return true;
}

absl::Status VerifyBuckets(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> stray, reader.QueryOne(kSelectStray, {kBuckets}));
  if (!stray.has_value()) return absl::OkStatus();
  return ChainBroken(static_cast<int>(stray->Int(0)), stray->Int(1), "there is no such bucket.");
}

absl::Status VerifyChain(mysql::Reader& reader, int bucket) {
  LogHead head;
  bool done = false;
  while (!done) {
    ASSIGN_OR_RETURN(done, VerifyChain(reader, bucket, kVerifyBatch, /*known=*/{}, head));
  }
  return absl::OkStatus();
}

}  // namespace countersign::events
