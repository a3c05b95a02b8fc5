#include "order-service/src/store/partner_state_store.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"

namespace countersign::order {
namespace {

// The versions last: assignments are made from left to right, and the others need the versions as they were. A change
// of an inactive partner that gives no reason keeps that of its suspension.
constexpr absl::string_view kTakeOver =
    "INSERT INTO partner_states (partner_id, version, active, bucket, inactive_version, withdrawing, withdraw_reason) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE active = IF(? > version, ?, active), "
    "withdrawing = IF(? > inactive_version, 1, withdrawing), "
    "withdraw_reason = IF(? > inactive_version AND ? <> '', ?, withdraw_reason), "
    "version = GREATEST(version, ?), inactive_version = GREATEST(inactive_version, ?)";

// Of the three spellings of a share lock this is the one that MariaDB and MySQL have in common.
constexpr absl::string_view kLockStandingBehind =
    "SELECT 1 FROM partner_states WHERE partner_id = ? AND active = 1 AND inactive_version <= ? LOCK IN SHARE MODE";

constexpr absl::string_view kSelectState =
    "SELECT version, active, inactive_version FROM partner_states WHERE partner_id = ?";

PartnerState PartnerStateOf(mysql::RowReader& row) {
  return {.version = row.Int(), .active = row.Bool(), .inactive_version = row.Int()};
}

absl::Status WriteState(mysql::Connection& connection, const LearntState& learnt) {
  const auto& [partner, state, reason] = learnt;
  const bool withdrawing = state.inactive_version > 0;
  return connection
      .Execute(kTakeOver, {partner, state.version, state.active, events::BucketOf(partner), state.inactive_version,
                           withdrawing, reason, state.version, state.active, state.inactive_version,
                           state.inactive_version, reason, reason, state.version, state.inactive_version})
      .status();
}

absl::Status LockState(mysql::Connection& connection, const Uuid& partner, int64_t seller_version) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   connection.QueryOne(kLockStandingBehind, {partner, seller_version}));
  return row.has_value() ? absl::OkStatus() : LostRace();
}

}  // namespace

absl::StatusOr<PartnerState> PartnerStateStore::Known(absl::Time deadline, const Uuid& partner) const {
  ASSIGN_OR_RETURN(const std::optional<PartnerState> known,
                   mysql::FindBy<PartnerState>(database_, deadline, kSelectState, {partner}, PartnerStateOf));
  return known.value_or(PartnerState{});
}

std::function<absl::Status(mysql::Connection&)> PartnerStateStore::TakeOver(LearntState learnt) {
  return [learnt = std::move(learnt)](mysql::Connection& connection) { return WriteState(connection, learnt); };
}

absl::Status PartnerStateStore::TakeOverNow(absl::Time deadline, const LearntState& learnt) const {
  return database_.Transact(deadline, TakeOver(learnt));
}

std::function<absl::Status(mysql::Connection&)> PartnerStateStore::StandsBehind(const Uuid& partner,
                                                                                int64_t seller_version) {
  return [=](mysql::Connection& connection) { return LockState(connection, partner, seller_version); };
}

std::function<absl::Status(mysql::Connection&)> PartnerStateStore::StandsBehind(LearntState learnt,
                                                                                int64_t seller_version) {
  return [learnt = std::move(learnt), seller_version](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(WriteState(connection, learnt));
    return LockState(connection, learnt.partner, seller_version);
  };
}

}  // namespace countersign::order
