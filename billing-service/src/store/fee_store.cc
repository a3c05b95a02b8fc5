#include "billing-service/src/store/fee_store.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

// The partner's side. The columns from invoice_id to line_net_micros are those of kFeeSegments.
constexpr mysql::Table kFees = {
    .name = "fees",
    .key = "partner_id, fee_id",
    .fixed =
        "account_id, invoice_id, line, segment, subscription_id, tranche, rate_basis_points, days, period_days, "
        "service_start_date, currency, line_net_micros, amount_micros, accrue_time, state"};

constexpr absl::string_view kEarnedByKey = "WHERE account_id = ? AND fee_id = ? AND earned_micros IS NOT NULL";

constexpr absl::string_view kSelectFee = "SELECT 1 FROM fees WHERE partner_id = ? AND fee_id = ?";

// invoice_id to line_net_micros.
void ReadFrozen(mysql::RowReader& row, FeeEntry& fee) {
  fee.invoice = row.Id();
  fee.line = row.Int();
  fee.segment_number = row.Int();
  fee.subscription = row.Id();
  fee.segment.tranche = row.Int();
  fee.segment.rate_basis_points = row.Int();
  fee.segment.days = row.Int();
  fee.line_days = row.Int();
  fee.service.start = row.Day();
  fee.service.end = fee.service.start + fee.segment.days;
  fee.line_net = row.Amount(row.Text());
}

// The account's side without earned_micros and earn_time.
FeeEntry SegmentOf(mysql::RowReader& row) {
  FeeEntry fee;
  fee.account = row.Id();
  fee.id = row.Id();
  fee.segment.partner = row.Id();
  ReadFrozen(row, fee);
  return fee;
}

FeeEntry EarnedOf(mysql::RowReader& row) {
  FeeEntry fee = SegmentOf(row);
  fee.amount = row.Amount(fee.line_net.currency());
  fee.accrue_time = row.Time();
  return fee;
}

FeeEntry AccruedOf(mysql::RowReader& row) {
  FeeEntry fee;
  fee.segment.partner = row.Id();
  fee.id = row.Id();
  fee.account = row.Id();
  ReadFrozen(row, fee);
  fee.amount = row.Amount(fee.line_net.currency());
  fee.accrue_time = row.Time();
  fee.state = row.Enumerated(kFeeStates);
  return fee;
}

std::vector<mysql::Parameter> SegmentValues(const FeeEntry& fee, mysql::Parameter earned, mysql::Parameter earn_time) {
  return {fee.account,
          fee.id,
          fee.segment.partner,
          fee.invoice,
          fee.line,
          fee.segment_number,
          fee.subscription,
          fee.segment.tranche,
          fee.segment.rate_basis_points,
          fee.segment.days,
          fee.line_days,
          fee.service.start,
          fee.line_net.currency(),
          fee.line_net.micros(),
          std::move(earned),
          std::move(earn_time)};
}

}  // namespace

FeeEntry FrozenFeeOf(mysql::RowReader& row) {
  FeeEntry fee = SegmentOf(row);
  row.Skip(2);  // earned_micros, earn_time
  return fee;
}

std::vector<mysql::FilterField> FeeFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, {NameOf(FeeState::kAccrued), NameOf(FeeState::kHeld)}},
          {"invoice", "invoice_id", kName, {kInvoiceName}},
          {"subscription", "subscription_id", kName, {kSubscriptionName}},
          {"rate_basis_points", "rate_basis_points", kInt},
          {"accrue_time", "accrue_time", kTime}};
}

absl::StatusOr<std::optional<FeeEntry>> FeeStore::FindEarned(absl::Time deadline, const Uuid& account,
                                                             const Uuid& fee) const {
  return mysql::FindBy<FeeEntry>(database_, deadline, mysql::SelectFrom(kFeeSegments, kEarnedByKey), {account, fee},
                                 EarnedOf);
}

absl::StatusOr<bool> FeeStore::Exists(absl::Time deadline, const Uuid& partner, const Uuid& fee) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectFee, {partner, fee}));
  return row.has_value();
}

absl::StatusOr<mysql::Page<FeeEntry>> FeeStore::List(absl::Time deadline, const Uuid& partner,
                                                     const mysql::PageQuery& query) const {
  return mysql::ListByTime<FeeEntry>(
      database_, deadline, {.table = kFees, .parent = "partner_id = ?", .time = "accrue_time", .id = "fee_id"},
      {partner}, query, AccruedOf, [](const FeeEntry& fee) {
        return mysql::TimePosition{fee.accrue_time, fee.id};
      });
}

mysql::RowWrite FeeStore::FrozenRow(const FeeEntry& fee) {
  return mysql::Insert(kFeeSegments, SegmentValues(fee, std::nullopt, std::nullopt));
}

mysql::RowWrite FeeStore::EarnedRow(const FeeEntry& fee) {
  return mysql::Put(kFeeSegments, SegmentValues(fee, fee.amount.micros(), fee.accrue_time));
}

mysql::RowWrite FeeStore::AccruedRow(const FeeEntry& fee) {
  return mysql::Insert(
      kFees, {fee.segment.partner, fee.id, fee.account, fee.invoice, fee.line, fee.segment_number, fee.subscription,
              fee.segment.tranche, fee.segment.rate_basis_points, fee.segment.days, fee.line_days, fee.service.start,
              fee.line_net.currency(), fee.line_net.micros(), fee.amount.micros(), fee.accrue_time, NameOf(fee.state)});
}

}  // namespace countersign::billing
