#include "billing-service/src/store/fee_store.h"

#include "billing-service/src/store/columns.h"
#include "billing-service/src/store/ledger_store.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kSelectEarned =
    "SELECT fee_id, account_id, invoice_id, line, segment, partner_id, subscription_id, tranche, rate_basis_points, "
    "days, period_days, service_start_date, line_net_micros, earned_micros, currency, earn_time FROM fee_segments "
    "WHERE account_id = ? AND fee_id = ? AND earned_micros IS NOT NULL";

// The same columns in the same order, then the state.
constexpr absl::string_view kSelectPage =
    "SELECT fee_id, account_id, invoice_id, line, segment, partner_id, subscription_id, tranche, rate_basis_points, "
    "days, period_days, service_start_date, line_net_micros, amount_micros, currency, accrue_time, state FROM fees "
    "WHERE partner_id = ? AND (accrue_time > ? OR (accrue_time = ? AND fee_id > ?))";
constexpr absl::string_view kOldestFirst = " ORDER BY accrue_time, fee_id LIMIT ?";

constexpr absl::string_view kSelectState = "SELECT state FROM fees WHERE partner_id = ? AND fee_id = ?";

constexpr absl::string_view kInsertFee =
    "INSERT INTO fees (partner_id, fee_id, state, account_id, invoice_id, line, segment, subscription_id, tranche, "
    "rate_basis_points, days, period_days, service_start_date, line_net_micros, amount_micros, currency, accrue_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

FeeEntry FeeOf(const mysql::Row& row) {
  FeeEntry fee;
  fee.id = row.Id(0);
  fee.account = row.Id(1);
  fee.invoice = row.Id(2);
  fee.line = row.Int(3);
  fee.segment_number = row.Int(4);
  fee.subscription = row.Id(6);
  fee.segment = {row.Id(5), row.Int(7), row.Int(8), row.Int(9)};
  fee.line_days = row.Int(10);
  fee.service = {row.Day(11), row.Day(11) + fee.segment.days};
  fee.line_net = MoneyAt(row, 12, 14);
  fee.amount = MoneyAt(row, 13, 14);
  fee.accrue_time = row.Time(15);
  return fee;
}

absl::StatusOr<FeeEntry> FeeWithStateOf(const mysql::Row& row) {
  FeeEntry fee = FeeOf(row);
  ASSIGN_OR_RETURN(fee.state, StateNamed(row.Bytes(16), {FeeState::kAccrued, FeeState::kHeld, FeeState::kNotEarned}));
  return fee;
}

}  // namespace

absl::StatusOr<std::optional<FeeEntry>> FeeStore::FindEarned(absl::Time deadline, const Uuid& account,
                                                             const Uuid& fee) const {
  std::optional<FeeEntry> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectEarned, {account, fee}));
    if (row.has_value()) found = FeeOf(*row);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<bool> FeeStore::Exists(absl::Time deadline, const Uuid& partner, const Uuid& fee) const {
  bool exists = false;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectState, {partner, fee}));
    exists = row.has_value();
    return absl::OkStatus();
  }));
  return exists;
}

absl::Status FeeStore::Accrue(absl::Time deadline, const events::Change& change, const FeeEntry& fee,
                              const LedgerTransaction& posting) const {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(DuplicateAsLostRace(
        connection
            .Execute(kInsertFee, {fee.segment.partner, fee.id, Name(fee.state), fee.account, fee.invoice, fee.line,
                                  fee.segment_number, fee.subscription, fee.segment.tranche,
                                  fee.segment.rate_basis_points, fee.segment.days, fee.line_days, fee.service.start,
                                  fee.line_net.micros(), fee.amount.micros(), fee.amount.currency(), fee.accrue_time})
            .status()));
    return InsertLedgerTransaction(connection, posting, fee.accrue_time);
  });
}

absl::StatusOr<mysql::Page<FeeEntry>> FeeStore::List(absl::Time deadline, const Uuid& partner,
                                                     const mysql::PageQuery& query) const {
  const auto after = mysql::TimePosition::FromText(query.after);
  return mysql::ReadPage<FeeEntry>(
      database_, deadline,
      mysql::StatementOf(kSelectPage, {partner, after.time, after.time, after.id}, query, kOldestFirst), FeeWithStateOf,
      [](const FeeEntry& fee) {
        return mysql::TimePosition{fee.accrue_time, fee.id}.ToText();
      });
}

}  // namespace countersign::billing
