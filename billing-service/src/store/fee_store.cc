#include "billing-service/src/store/fee_store.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/ledger_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kEarnedByKey = "WHERE account_id = ? AND fee_id = ? AND earned_micros IS NOT NULL";
constexpr absl::string_view kOfInvoices = "WHERE account_id = ? AND invoice_id IN (";

constexpr absl::string_view kEntryAndItsFee = "WHERE partner_id = ? AND fee_id IN (?, ?)";
constexpr absl::string_view kOfSegment =
    "WHERE partner_id = ? AND invoice_id = ? AND line = ? AND segment = ? AND generation = ?";
constexpr absl::string_view kUnderHold = "WHERE partner_id = ? AND hold_id = ? AND fee_id > ? ORDER BY fee_id LIMIT ?";

// invoice_id to cause_id.
void ReadTerms(mysql::RowReader& row, FeeEntry& fee) {
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
  fee.key.generation = row.Int();
  fee.key.reversal = row.Int();
  fee.basis = row.Amount(fee.line_net.currency());
  fee.basis_days = row.Int();
  if (fee.basis_days == 0) {  // Written before there were generations.
    fee.basis = fee.line_net;
    fee.basis_days = fee.line_days;
  }
  fee.cause = row.Enumerated(kFeeCauses);
  fee.cause_id = row.OptionalId();
}

// From invoice_id to cause_id.
void AppendTerms(std::vector<mysql::Parameter>& values, const FeeEntry& fee) {
  values.insert(values.end(), {fee.invoice, fee.line, fee.segment_number, fee.subscription, fee.segment.tranche,
                               fee.segment.rate_basis_points, fee.segment.days, fee.line_days, fee.service.start,
                               fee.line_net.currency(), fee.line_net.micros(), fee.key.generation, fee.key.reversal,
                               fee.basis.micros(), fee.basis_days, NameOf(fee.cause), fee.cause_id});
}

std::vector<mysql::Parameter> SegmentValues(const FeeEntry& fee) {
  std::vector<mysql::Parameter> values = {fee.account, fee.id, fee.segment.partner};
  AppendTerms(values, fee);
  if (fee.earned) {
    values.insert(values.end(), {fee.accrue_time, fee.amount.micros()});
  } else {
    values.insert(values.end(), {std::nullopt, std::nullopt});
  }
  return values;
}

}  // namespace

FeeEntry PartnersFeeOf(mysql::RowReader& row) {
  FeeEntry fee;
  fee.segment.partner = row.Id();
  fee.id = row.Id();
  fee.account = row.Id();
  ReadTerms(row, fee);
  fee.earned = true;
  fee.amount = row.Amount(fee.line_net.currency());
  fee.accrue_time = row.Time();
  fee.state = row.Enumerated(kFeeStates);
  fee.hold = row.OptionalId();
  fee.forgone = row.Amount(fee.line_net.currency());
  fee.reason = row.Text();
  row.Skip(2);  // bucket, stated
  return fee;
}

FeeEntry SegmentFeeOf(mysql::RowReader& row) {
  FeeEntry fee;
  fee.account = row.Id();
  fee.id = row.Id();
  fee.segment.partner = row.Id();
  ReadTerms(row, fee);
  const std::optional<absl::Time> earn_time = row.OptionalTime();
  fee.earned = earn_time.has_value();
  fee.accrue_time = earn_time.value_or(absl::Time());
  if (fee.earned) {
    fee.amount = row.Amount(fee.line_net.currency());
  } else {
    row.Skip(1);  // earned_micros
  }
  return fee;
}

std::vector<mysql::FilterField> FeeFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kFeeStates)},
          {"invoice", "invoice_id", kName, {kInvoiceName}},
          {"subscription", "subscription_id", kName, {kSubscriptionName}},
          {"rate_basis_points", "rate_basis_points", kInt},
          {"accrue_time", "accrue_time", kTime}};
}

absl::StatusOr<std::optional<FeeEntry>> FeeStore::FindEarned(absl::Time deadline, const Uuid& account,
                                                             const Uuid& fee) const {
  return mysql::FindBy<FeeEntry>(database_, deadline, mysql::SelectFrom(kFeeSegments, kEarnedByKey), {account, fee},
                                 SegmentFeeOf);
}

absl::StatusOr<std::vector<FeeEntry>> FeeStore::ListOfInvoices(absl::Time deadline, const Uuid& account,
                                                               const std::vector<Uuid>& invoices) const {
  std::string condition = absl::StrCat(kOfInvoices, "?");
  for (size_t i = 1; i < invoices.size(); ++i) condition += ", ?";
  std::vector<mysql::Parameter> parameters = {account};
  parameters.insert(parameters.end(), invoices.begin(), invoices.end());
  return mysql::ListBy<FeeEntry>(database_, deadline, mysql::SelectFrom(kFeeSegments, condition + ")"), parameters,
                                 SegmentFeeOf);
}

absl::StatusOr<FeeEntry> FeeStore::Get(absl::Time deadline, const Uuid& partner, const Uuid& fee) const {
  // Not SelectByKey(): a derived table has no primary key to name.
  static const auto* const select =
      new mysql::KeyedSelect{.select = mysql::SelectFrom(kFeesAsSeen, ""), .key = std::string(kFeesAsSeen.key)};
  ASSIGN_OR_RETURN(std::optional<FeeEntry> found,
                   mysql::FindByKey<FeeEntry>(database_, deadline, *select, {partner, fee}, PartnersFeeOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("FEE_NOT_FOUND", "The partner has no such fee.", {{"fee", fee.ToString()}});
}

absl::StatusOr<std::vector<FeeEntry>> FeeStore::ListOfSegment(absl::Time deadline, const FeeEntry& fee) const {
  return mysql::ListBy<FeeEntry>(database_, deadline, mysql::SelectFrom(kFees, kOfSegment),
                                 {fee.segment.partner, fee.invoice, fee.line, fee.segment_number, fee.key.generation},
                                 PartnersFeeOf);
}

absl::StatusOr<EnteredFee> FeeStore::FindEntered(absl::Time deadline, const FeeEntry& entry) const {
  const Uuid original = FeeId(entry.invoice, entry.line, entry.segment_number, {entry.key.generation, 0});
  ASSIGN_OR_RETURN(const std::vector<FeeEntry> found,
                   mysql::ListBy<FeeEntry>(database_, deadline, mysql::SelectFrom(kFees, kEntryAndItsFee),
                                           {entry.segment.partner, entry.id, original}, PartnersFeeOf));
  EnteredFee entered;
  for (const FeeEntry& fee : found) {
    if (fee.id == entry.id) entered.done = true;
    if (fee.id == original) entered.reversed = fee;
  }
  return entered;
}

absl::StatusOr<std::vector<FeeEntry>> FeeStore::ListUnderHold(absl::Time deadline, const FeeHold& hold,
                                                              const Uuid& after, int limit) const {
  return mysql::ListBy<FeeEntry>(database_, deadline, mysql::SelectFrom(kFees, kUnderHold),
                                 {hold.partner, hold.id, after, limit}, PartnersFeeOf);
}

absl::StatusOr<mysql::Page<FeeEntry>> FeeStore::List(absl::Time deadline, const Uuid& partner,
                                                     const mysql::PageQuery& query) const {
  return mysql::ListByTime<FeeEntry>(
      database_, deadline, {.table = kFeesAsSeen, .parent = "partner_id = ?", .time = "accrue_time", .id = "fee_id"},
      {partner}, query, PartnersFeeOf,
      [](const FeeEntry& fee) { return mysql::TimePosition{fee.accrue_time, fee.id}; });
}

mysql::RowWrite FeeStore::FrozenRow(const FeeEntry& fee) { return mysql::Insert(kFeeSegments, SegmentValues(fee)); }

mysql::RowWrite FeeStore::EarnedRow(const FeeEntry& fee) { return mysql::Put(kFeeSegments, SegmentValues(fee)); }

absl::StatusOr<std::vector<mysql::RowWrite>> FeeStore::AccruedRows(const FeeEntry& fee) {
  ASSIGN_OR_RETURN(const LedgerTransaction posting, PostPartnersFee(fee));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, LedgerRows(posting, fee.accrue_time));
  std::vector<mysql::Parameter> values = {fee.segment.partner, fee.id, fee.account};
  AppendTerms(values, fee);
  // What is not earned is never stated: no closing has to look at it.
  values.insert(values.end(), {fee.amount.micros(), fee.accrue_time, NameOf(fee.state), fee.hold, fee.forgone.micros(),
                               fee.reason, events::BucketOf(fee.segment.partner), fee.state == FeeState::kNotEarned});
  rows.push_back(mysql::Insert(kFees, std::move(values)));
  return rows;
}

}  // namespace countersign::billing
