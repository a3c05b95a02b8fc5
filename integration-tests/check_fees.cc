// Invariant 4: a fee is a function of the paid line: once, to the right partner, at the frozen rate; reversals never
// exceed it.
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

using mysql::Connection;
using mysql::Row;

// The line, as it stands on the invoice.
constexpr absl::string_view kForeignSegments =
    "SELECT i.invoice_number FROM fee_segments s JOIN invoices i ON i.account_id = s.account_id "
    "AND i.invoice_id = s.invoice_id LEFT JOIN invoice_lines l ON l.account_id = s.account_id "
    "AND l.invoice_id = s.invoice_id AND l.line = s.line WHERE l.line IS NULL OR l.net_micros <> s.line_net_micros";

// By the fee schedule that was in force on the line's first day.
constexpr absl::string_view kOtherRates =
    "SELECT i.invoice_number FROM fee_segments s JOIN invoices i ON i.account_id = s.account_id "
    "AND i.invoice_id = s.invoice_id JOIN invoice_lines l ON l.account_id = s.account_id "
    "AND l.invoice_id = s.invoice_id AND l.line = s.line LEFT JOIN fee_schedules f ON f.effective_date = "
    "(SELECT MAX(e.effective_date) FROM fee_schedules e WHERE e.effective_date <= l.service_start_date) "
    "WHERE f.effective_date IS NULL "
    "OR s.rate_basis_points NOT IN (f.first_year_rate_basis_points, f.later_rate_basis_points)";

// The account's side, the fees of a line's generation one after the other.
constexpr absl::string_view kSegments =
    "SELECT s.fee_id, i.invoice_number, i.state, s.invoice_id, s.line, s.segment, s.generation, s.reversal, "
    "s.partner_id, s.rate_basis_points, s.days, s.period_days, s.line_net_micros, s.basis_micros, s.basis_days, "
    "s.currency, s.earned_micros, s.earn_time IS NOT NULL FROM fee_segments s JOIN invoices i "
    "ON i.account_id = s.account_id AND i.invoice_id = s.invoice_id "
    "ORDER BY s.account_id, s.invoice_id, s.line, s.generation, s.reversal, s.segment";
constexpr absl::string_view kFees =
    "SELECT fee_id, partner_id, rate_basis_points, days, period_days, line_net_micros, amount_micros, generation, "
    "reversal, state, forgone_micros FROM fees WHERE cause NOT IN ('FORFEITED', 'ADJUSTED')";
// A correction names a fee of the same partner; what was held by a hold that is forfeited is taken back, whole and
// once.
constexpr absl::string_view kStrayCorrections =
    "SELECT HEX(c.fee_id) FROM fees c LEFT JOIN fees f ON f.partner_id = c.partner_id AND f.fee_id = c.cause_id "
    "WHERE c.cause IN ('FORFEITED', 'ADJUSTED') AND f.fee_id IS NULL";
constexpr absl::string_view kKeptForfeits =
    "SELECT HEX(h.hold_id) FROM fee_holds h JOIN fees f ON f.partner_id = h.partner_id AND f.hold_id = h.hold_id "
    "WHERE h.state = 'FORFEITED' AND NOT EXISTS (SELECT 1 FROM held_deliveries d WHERE d.aggregate_id = h.hold_id) "
    "GROUP BY h.partner_id, h.hold_id HAVING SUM(f.amount_micros) <> 0";

// A statement is its lines, numbered without a gap, and what the one before carried into it.
constexpr absl::string_view kStatementSums =
    "SELECT HEX(s.statement_id) FROM statements s LEFT JOIN statement_lines l ON l.partner_id = s.partner_id "
    "AND l.statement_id = s.statement_id GROUP BY s.partner_id, s.statement_id, s.accrued_micros, s.line_count "
    "HAVING COALESCE(SUM(l.amount_micros), 0) <> s.accrued_micros OR COUNT(l.line) <> s.line_count "
    "OR COALESCE(MAX(l.line), 0) <> s.line_count";
constexpr absl::string_view kForeignLines =
    "SELECT HEX(l.fee_id) FROM statement_lines l JOIN statements s ON s.partner_id = l.partner_id "
    "AND s.statement_id = l.statement_id LEFT JOIN fees f ON f.partner_id = l.partner_id AND f.fee_id = l.fee_id "
    "WHERE f.fee_id IS NULL OR f.amount_micros <> l.amount_micros OR f.currency <> s.currency";
constexpr absl::string_view kCarriedOtherwise =
    "SELECT HEX(s.statement_id) FROM statements s LEFT JOIN statements b ON b.partner_id = s.partner_id "
    "AND b.currency = s.currency AND b.number = s.number - 1 WHERE s.carried_in_micros <> "
    "COALESCE(IF(b.disposition = 'CARRIED', b.carried_in_micros + b.accrued_micros, 0), 0) "
    "OR (s.number > 1 AND b.number IS NULL)";
// A payout is of the total of a statement that is paid, and every payable statement has one.
constexpr absl::string_view kOtherPayouts =
    "SELECT HEX(s.statement_id) FROM statements s LEFT JOIN payouts p ON p.partner_id = s.partner_id "
    "AND p.statement_id = s.statement_id WHERE (s.disposition = 'PAYABLE' AND p.payout_id IS NULL) "
    "OR (p.payout_id IS NOT NULL AND (s.disposition NOT IN ('PAYABLE', 'HELD') "
    "OR p.total_micros <> s.carried_in_micros + s.accrued_micros OR p.withheld_micros > p.total_micros))";

using SegmentKey = std::tuple<Uuid, int64_t, int64_t, int64_t>;  // Invoice, line, segment, generation.
// Partner, rate, days, period days, net, generation, reversal.
using FrozenTerms = std::tuple<Uuid, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>;

struct Segment {
  Uuid id;
  std::string name;
  bool paid = false;  // Its invoice.
  SegmentKey key;
  int64_t number = 0;
  int64_t reversal = 0;
  FrozenTerms terms;
  int64_t rate = 0;
  int64_t days = 0;
  int64_t period_days = 0;
  int64_t basis = 0;
  int64_t basis_days = 0;
  std::string currency;
  bool earned = false;
  int64_t amount = 0;
};

Segment SegmentIn(const Row& row) {
  Segment segment;
  segment.id = row.Id(0);
  segment.name = absl::StrCat("the fee of invoice ", row.Bytes(1));
  segment.paid = row.Bytes(2) == "PAID";
  segment.key = {row.Id(3), row.Int(4), row.Int(5), row.Int(6)};
  segment.number = row.Int(5);
  segment.reversal = row.Int(7);
  segment.rate = row.Int(9);
  segment.days = row.Int(10);
  segment.period_days = row.Int(11);
  segment.terms = {row.Id(8), segment.rate, segment.days, segment.period_days, row.Int(12), row.Int(6), row.Int(7)};
  segment.basis_days = row.Int(14);
  segment.basis = segment.basis_days == 0 ? row.Int(12) : row.Int(13);  // 0: of before there were generations.
  if (segment.basis_days == 0) segment.basis_days = segment.period_days;
  segment.currency = row.Bytes(15);
  segment.earned = row.Int(17) != 0;
  if (segment.earned) segment.amount = row.Int(16);
  return segment;
}

// Checks the segments of a line's generation in order, which share its fee: the first k earn round(Σ basis × rate ×
// days ÷ basis days) together.
class LineFee {
 public:
  // The fee that the segment must have earned, computed anew from the stored rows.
  absl::StatusOr<int64_t> Next(const Segment& segment) {
    if (segment.number == 1) *this = LineFee();
    ASSIGN_OR_RETURN(const Money basis, Money::FromMicros(segment.basis, segment.currency));
    Money total = basis;
    if (segment.basis_days == segment.period_days) {
      weight_ += segment.rate * segment.days;
      ASSIGN_OR_RETURN(total, basis.TimesRounded(1, weight_, kWhole * segment.period_days));
    } else {
      weight_ += segment.rate * segment.basis;
      ASSIGN_OR_RETURN(const Money micro, Money::FromMicros(1, segment.currency));
      ASSIGN_OR_RETURN(total, micro.TimesRounded(1, weight_, kWhole));
    }
    const int64_t part = total.micros() - so_far_;
    so_far_ = total.micros();
    return part;
  }

 private:
  static constexpr int64_t kWhole = 10'000;
  int64_t weight_ = 0;
  int64_t so_far_ = 0;
};

// Checks the rest of each segment's generation after its reversals.
class Reversals {
 public:
  void Take(const Segment& segment, Sentences& broken) {
    if (segment.reversal > 0 && segment.amount >= 0) broken.push_back(segment.name + " has a reversal above zero");
    Left& left = left_[segment.key];
    left.name = segment.name;
    left.micros += segment.amount;
    left.paid = segment.paid;
  }

  void Check(Sentences& broken) const {
    for (const auto& [key, left] : left_) {
      if (left.micros < 0) broken.push_back(left.name + ": more is reversed than was accrued");
      const bool is_last =
          !left_.contains({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key) + 1});
      if (left.micros > 0 && !left.paid) broken.push_back(left.name + " accrued although the invoice is not paid");
      if (left.micros > 0 && !is_last) broken.push_back(left.name + " accrued again before it was reversed");
    }
  }

 private:
  struct Left {
    std::string name;
    int64_t micros = 0;
    bool paid = false;
  };
  std::map<SegmentKey, Left> left_;
};

struct PartnersFee {
  FrozenTerms terms;
  int64_t micros = 0;
  std::string state;
  int64_t forgone = 0;
};

absl::StatusOr<std::map<Uuid, PartnersFee>> ReadFees(Connection& billing) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, billing.Query(kFees, {}));
  std::map<Uuid, PartnersFee> fees;
  for (const Row& row : rows) {
    fees[row.Id(0)] = {{row.Id(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(7), row.Int(8)},
                       row.Int(6),
                       row.Bytes(9),
                       row.Int(10)};
  }
  return fees;
}

void CompareSides(const Segment& segment, const PartnersFee& fee, Sentences& broken) {
  if (fee.terms != segment.terms) broken.push_back(segment.name + " differs from what the line froze");
  if ((fee.state == "NOT_EARNED" ? fee.micros : fee.forgone) != 0) {
    broken.push_back(segment.name + " was given and forgone at once");
  }
  if (fee.micros + fee.forgone != segment.amount) broken.push_back(segment.name + " is not what the line earned");
}

}  // namespace

absl::Status CheckFees(Connection& billing, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(billing, kForeignSegments, "a fee was frozen for another line on invoice", broken));
  RETURN_IF_ERROR(
      ExpectNone(billing, kOtherRates, "a fee has a rate that is not its fee schedule's on invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kStrayCorrections, "a correction of no fee", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kKeptForfeits, "fees were kept that are forfeited under hold", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kStatementSums, "a statement is not the sum of its lines", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kForeignLines, "a statement has a line that is not its fee", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kCarriedOtherwise, "a statement does not begin with what was carried", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kOtherPayouts, "a payout is not that of its statement", broken));
  ASSIGN_OR_RETURN(const auto fees, ReadFees(billing));
  ASSIGN_OR_RETURN(const std::vector<Row> rows, billing.Query(kSegments, {}));
  ASSIGN_OR_RETURN(const auto undelivered, FindUndelivered(billing));
  size_t entered = 0;
  LineFee line_fee;
  Reversals reversals;
  for (const Row& row : rows) {
    const Segment segment = SegmentIn(row);
    const auto fee = fees.find(segment.id);
    if (!segment.earned) {
      if (segment.paid) broken.push_back(segment.name + " was not earned although the invoice is paid");
      if (fee != fees.end()) broken.push_back(segment.name + " was accrued before it was earned");
      continue;
    }
    if (segment.reversal == 0) {
      const absl::StatusOr<int64_t> expected = line_fee.Next(segment);
      if (!expected.ok() || segment.amount != *expected) broken.push_back(segment.name + " is not net × rate");
    }
    reversals.Take(segment, broken);
    if (fee == fees.end()) {
      if (!undelivered.contains(segment.id)) broken.push_back(segment.name + " was earned but never accrued");
      continue;
    }
    ++entered;
    CompareSides(segment, fee->second, broken);
  }
  reversals.Check(broken);
  if (entered != fees.size()) broken.push_back("there are fees without a paid line");
  return absl::OkStatus();
}

}  // namespace countersign::integration
