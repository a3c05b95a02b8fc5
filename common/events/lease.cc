#include "common/events/lease.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/events/owner.h"
#include "common/mysql/read.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kInsertLease =
    "INSERT INTO leases (bucket, owner, epoch, lease_until) VALUES (?, '', ?, UTC_TIMESTAMP(6)) "
    "ON DUPLICATE KEY UPDATE epoch = epoch";

constexpr absl::string_view kInsertOwner =
    "INSERT INTO lease_owners (owner, seen_until) VALUES (?, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND) "
    "ON DUPLICATE KEY UPDATE seen_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND";

constexpr absl::string_view kRenewOwner =
    "UPDATE lease_owners SET seen_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND WHERE owner = ?";

constexpr absl::string_view kRetakeLeases =
    "UPDATE leases SET owner = ?, epoch = epoch + 1, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND "
    "WHERE SUBSTRING_INDEX(owner, '#', 1) = ?";

// And of those that nobody has heard of for long.
constexpr absl::string_view kDeleteEarlierLives =
    "DELETE FROM lease_owners WHERE (SUBSTRING_INDEX(owner, '#', 1) = ? AND owner <> ?) "
    "OR seen_until < UTC_TIMESTAMP(6) - INTERVAL 1 DAY";

constexpr absl::string_view kSelectNamesakes =
    "SELECT owner FROM lease_owners WHERE SUBSTRING_INDEX(owner, '#', 1) = ? AND owner <> ?";

constexpr absl::string_view kRenewLeases =
    "UPDATE leases SET lease_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND WHERE owner = ?";

constexpr absl::string_view kSelectLeases =
    "SELECT bucket, owner, epoch, lease_until > UTC_TIMESTAMP(6), "
    "(SELECT COUNT(*) FROM lease_owners WHERE seen_until > UTC_TIMESTAMP(6)) FROM leases ORDER BY bucket";

constexpr absl::string_view kFindFree = "SELECT bucket FROM leases WHERE lease_until <= UTC_TIMESTAMP(6) LIMIT 1";

constexpr absl::string_view kTakeLeases =
    "UPDATE leases SET owner = ?, epoch = epoch + 1, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND "
    "WHERE lease_until <= UTC_TIMESTAMP(6) AND owner <> ? ORDER BY bucket LIMIT ?";

constexpr absl::string_view kGiveLeaseBack =
    "UPDATE leases SET owner = '', lease_until = UTC_TIMESTAMP(6) WHERE bucket = ? AND owner = ? AND epoch = ?";

constexpr absl::string_view kGiveAllBack =
    "UPDATE leases SET owner = '', lease_until = UTC_TIMESTAMP(6) WHERE owner = ?";

constexpr absl::string_view kDeleteOwner = "DELETE FROM lease_owners WHERE owner = ?";

constexpr absl::string_view kFence = "UPDATE leases SET epoch = epoch + 1 WHERE bucket = ?";

constexpr absl::string_view kLock = "SELECT epoch FROM leases WHERE bucket = ? FOR UPDATE";

int ShareOf(int owners) { return (kBuckets + owners - 1) / owners; }

}  // namespace

Leases::Leases(mysql::Database& database, std::string owner, absl::Duration lease, MonotonicClock now)
    : database_(database), owner_(std::move(owner)), lease_(lease), now_(std::move(now)) {}

absl::Status Leases::Refresh(absl::Time deadline, const std::function<bool(int bucket)>& is_idle) {
  bool complete = true;
  const auto refresh = [&](mysql::Connection& connection) { return RefreshOn(connection, is_idle, complete); };
  RETURN_IF_ERROR(database_.Autocommit(deadline, refresh));
  if (complete) return absl::OkStatus();
  RETURN_IF_ERROR(CreateRows(deadline));
  return database_.Autocommit(deadline, refresh);
}

absl::Status Leases::RefreshOn(mysql::Connection& connection, const std::function<bool(int bucket)>& is_idle,
                               bool& complete) {
  // Counted from before the first statement, and a little less than the database counts.
  const absl::Duration valid_until = now_() + lease_ * 0.9;
  RETURN_IF_ERROR(Renew(connection));
  RETURN_IF_ERROR(GiveBack(connection, is_idle));
  ASSIGN_OR_RETURN(Seen seen, Look(connection));
  complete = seen.leases.size() == kBuckets;
  if (!complete) return absl::OkStatus();  // Once in the life of a schema.
  ASSIGN_OR_RETURN(const bool taken, TakeFree(connection, seen));
  if (taken) {
    ASSIGN_OR_RETURN(seen, Look(connection));
  }
  Adopt(seen, valid_until);
  return absl::OkStatus();
}

absl::Status Leases::CreateRows(absl::Time deadline) {
  // Epochs begin at the time, so that none comes twice even where the rows were lost.
  const int64_t epoch = absl::ToUnixMicros(absl::Now());
  return database_.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    for (int bucket = 0; bucket < kBuckets; ++bucket) {
      RETURN_IF_ERROR(connection.Execute(kInsertLease, {bucket, epoch}).status());
    }
    return absl::OkStatus();
  });
}

absl::Status Leases::Renew(mysql::Connection& connection) {
  const int64_t lease_us = absl::ToInt64Microseconds(lease_);
  if (first_) return Begin(connection);
  ASSIGN_OR_RETURN(const int64_t known, connection.Execute(kRenewOwner, {lease_us, owner_}));
  if (known == 0) RETURN_IF_ERROR(ReturnAsAnother(connection));
  return connection.Execute(kRenewLeases, {lease_us, owner_}).status();
}

absl::Status Leases::Begin(mysql::Connection& connection) {
  const int64_t lease_us = absl::ToInt64Microseconds(lease_);
  RETURN_IF_ERROR(connection.Execute(kInsertOwner, {owner_, lease_us, lease_us}).status());
  RETURN_IF_ERROR(connection.Execute(kRetakeLeases, {owner_, lease_us, ReplicaOf(owner_)}).status());
  RETURN_IF_ERROR(connection.Execute(kDeleteEarlierLives, {ReplicaOf(owner_), owner_}).status());
  first_ = false;
  return absl::OkStatus();
}

// A later life has struck this one off the list and taken its leases, but this one is not over.
absl::Status Leases::ReturnAsAnother(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> namesakes,
                   connection.Query(kSelectNamesakes, {ReplicaOf(owner_), owner_}));
  std::vector<std::string> names;
  for (const mysql::Row& row : namesakes) names.push_back(row.Bytes(0));
  Log(Level::kError, "another process has this replica's name: give each its own --replica",
      {{"owner", owner_}, {"other", absl::StrJoin(names, " ")}});
  const int64_t lease_us = absl::ToInt64Microseconds(lease_);
  return connection.Execute(kInsertOwner, {owner_, lease_us, lease_us}).status();
}

absl::StatusOr<Leases::Seen> Leases::Look(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(std::vector<mysql::Row> rows, reader.Query(kSelectLeases, {}));
  const int owners = rows.empty() ? 1 : std::max(1, static_cast<int>(rows.front().Int(4)));
  return Seen{.owners = owners, .leases = std::move(rows)};
}

absl::StatusOr<bool> Leases::IsAnyFree(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kFindFree, {}));
  return row.has_value();
}

absl::StatusOr<bool> Leases::TakeFree(mysql::Connection& connection, const Seen& seen) {
  int mine = 0;
  int free = 0;
  for (const mysql::Row& row : seen.leases) {
    if (row.Bytes(1) == owner_) {
      ++mine;
    } else if (!row.Bool(3)) {
      ++free;
    }
  }
  const int wanted = std::min(free, ShareOf(seen.owners) - mine);
  if (wanted <= 0) return false;
  const int64_t lease_us = absl::ToInt64Microseconds(lease_);
  ASSIGN_OR_RETURN(const int64_t taken, connection.Execute(kTakeLeases, {owner_, lease_us, owner_, wanted}));
  return taken > 0;
}

absl::Status Leases::GiveBack(mysql::Connection& connection, const std::function<bool(int bucket)>& is_idle) {
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    Slot slot;
    {
      absl::MutexLock lock(&mutex_);
      slot = slots_[bucket];
    }
    if (slot.state != LeaseState::kLeaving || !is_idle(bucket)) continue;
    RETURN_IF_ERROR(connection.Execute(kGiveLeaseBack, {bucket, owner_, slot.epoch}).status());
    absl::MutexLock lock(&mutex_);
    Enter(bucket, LeaseState::kNone, 0, /*lapsed=*/false);
  }
  return absl::OkStatus();
}

void Leases::Adopt(const Seen& seen, absl::Duration valid_until) {
  absl::MutexLock lock(&mutex_);
  // By the same clock and under the same lock as the workers ask: whoever found it lapsed did so before.
  const bool lapsed = now_() >= valid_until_;
  int kept = 0;
  for (const mysql::Row& row : seen.leases) {
    const int64_t bucket = row.Int(0);
    if (bucket < 0 || bucket >= kBuckets) continue;
    const bool mine = row.Bytes(1) == owner_;
    // What is on its way out stays there, unless the share has grown again.
    const bool leaving = mine && ++kept > ShareOf(seen.owners);
    const LeaseState held = leaving ? LeaseState::kLeaving : LeaseState::kHeld;
    Enter(static_cast<int>(bucket), mine ? held : LeaseState::kNone, row.Int(2), lapsed);
  }
  valid_until_ = valid_until;
}

void Leases::Enter(int bucket, LeaseState state, int64_t epoch, bool lapsed) {
  Slot& slot = slots_[bucket];
  const bool renewed = lapsed && state != LeaseState::kNone;
  if (renewed || state != slot.state || epoch != slot.epoch) ++slot.term;
  slot.state = state;
  slot.epoch = epoch;
}

absl::Status Leases::Release(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    for (int bucket = 0; bucket < kBuckets; ++bucket) Enter(bucket, LeaseState::kNone, 0, /*lapsed=*/false);
  }
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute(kGiveAllBack, {owner_}).status());
    return connection.Execute(kDeleteOwner, {owner_}).status();
  });
}

LeaseState Leases::StateLocked(int bucket) const {
  const LeaseState state = slots_[bucket].state;
  return state == LeaseState::kHeld && now_() >= valid_until_ ? LeaseState::kLapsed : state;
}

LeaseState Leases::StateOf(int bucket) const {
  absl::MutexLock lock(&mutex_);
  return StateLocked(bucket);
}

int64_t Leases::TermOf(int bucket) const {
  absl::MutexLock lock(&mutex_);
  return slots_[bucket].term;
}

std::optional<int64_t> Leases::EpochOf(int bucket) const {
  absl::MutexLock lock(&mutex_);
  return StateLocked(bucket) == LeaseState::kHeld ? std::optional(slots_[bucket].epoch) : std::nullopt;
}

std::vector<int> Leases::HeldBuckets() const {
  std::vector<int> buckets;
  absl::MutexLock lock(&mutex_);
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    if (StateLocked(bucket) == LeaseState::kHeld) buckets.push_back(bucket);
  }
  return buckets;
}

bool Leases::IsAnyLeaving() const {
  absl::MutexLock lock(&mutex_);
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.state == LeaseState::kLeaving; });
}

absl::Status Leases::Fence(mysql::Connection& connection, int bucket) {
  return connection.Execute(kFence, {bucket}).status();
}

absl::Status Leases::Lock(mysql::Connection& connection, int bucket, int64_t epoch) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, connection.QueryOne(kLock, {bucket}));
  return row.has_value() && row->Int(0) == epoch ? absl::OkStatus() : LostRace();
}

absl::StatusOr<std::vector<int>> ListBuckets(mysql::Database& database, absl::Time deadline, absl::string_view sql,
                                             const std::vector<mysql::Parameter>& parameters) {
  return mysql::ListBy<int>(database, deadline, sql, parameters,
                            [](mysql::RowReader& row) { return static_cast<int>(row.Int()); });
}

}  // namespace countersign::events
