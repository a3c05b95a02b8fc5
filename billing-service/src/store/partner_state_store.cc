#include "billing-service/src/store/partner_state_store.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kPartnerStates = {.name = "partner_states",
                                         .key = "partner_id",
                                         .changing = "partner_version, standing, standing_time, hold_id, version"};

// Of the three spellings of a share lock this is the one that MariaDB and MySQL have in common.
constexpr absl::string_view kLockState =
    "SELECT 1 FROM partner_states WHERE partner_id = ? AND version = ? LOCK IN SHARE MODE";

PartnerState PartnerStateOf(mysql::RowReader& row) {
  return {.partner = row.Id(),
          .partner_version = row.Int(),
          .standing = row.Enumerated(kPartnerStandings),
          .since = row.Time(),
          .hold = row.OptionalId(),
          .version = row.Int()};
}

}  // namespace

absl::StatusOr<PartnerState> PartnerStateStore::Known(absl::Time deadline, const Uuid& partner) const {
  ASSIGN_OR_RETURN(const std::optional<PartnerState> known,
                   mysql::FindOne<PartnerState>(database_, deadline, kPartnerStates, {partner}, PartnerStateOf));
  if (known.has_value()) return *known;
  PartnerState unknown;
  unknown.partner = partner;
  return unknown;
}

mysql::RowWrite PartnerStateStore::Row(const PartnerState& state) {
  return mysql::Put(kPartnerStates, {state.partner, state.partner_version, NameOf(state.standing), state.since,
                                     state.hold, state.version});
}

std::function<absl::Status(mysql::Connection&)> PartnerStateStore::StaysAt(const PartnerState& state) {
  return [partner = state.partner, version = state.version](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, connection.QueryOne(kLockState, {partner, version}));
    return row.has_value() ? absl::OkStatus() : LostRace();
  };
}

}  // namespace countersign::billing
