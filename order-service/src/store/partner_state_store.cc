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

constexpr char kSelectStates[] =
    "SELECT partner_id, version, active, inactive_version FROM partner_states FORCE INDEX (PRIMARY)";

const mysql::KeyedSelect& SelectState() {
  static const auto* const select = new mysql::KeyedSelect{.select = kSelectStates, .key = "partner_id"};
  return *select;
}

const mysql::KeyedSelect& LockState() {
  // Of the three spellings of a share lock this is the one that MariaDB and MySQL have in common.
  static const auto* const select =
      new mysql::KeyedSelect{.select = kSelectStates, .key = "partner_id", .rest = "LOCK IN SHARE MODE"};
  return *select;
}

PartnerState PartnerStateOf(mysql::RowReader& row) {
  row.Id();
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

}  // namespace

absl::StatusOr<PartnerState> PartnerStateStore::Known(absl::Time deadline, const Uuid& partner) const {
  ASSIGN_OR_RETURN(const std::optional<PartnerState> known,
                   mysql::FindByKey<PartnerState>(database_, deadline, SelectState(), {partner}, PartnerStateOf));
  return known.value_or(PartnerState{});
}

std::function<absl::Status(mysql::Connection&)> PartnerStateStore::TakeOver(LearntState learnt) {
  return [learnt = std::move(learnt)](mysql::Connection& connection) { return WriteState(connection, learnt); };
}

absl::Status PartnerStateStore::TakeOverNow(absl::Time deadline, const LearntState& learnt) const {
  return database_.Transact(deadline, TakeOver(learnt));
}

events::RowGuard PartnerStateStore::StandsBehind(const Uuid& partner, int64_t seller_version) {
  return {.select = &LockState(), .key = {partner}, .holds = [seller_version](const mysql::Row& row) {
            const absl::StatusOr<PartnerState> state = mysql::ReadItem<PartnerState>(row, PartnerStateOf);
            return state.ok() && state->StandsBehind(seller_version);
          }};
}

}  // namespace countersign::order
