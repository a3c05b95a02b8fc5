#include "billing-service/src/domain/fee.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kFirstYearMonths = 12;

}  // namespace

std::vector<FeeSegment> FreezeFeeSegments(const Uuid& partner, int64_t tranche, Date tranche_start,
                                          const Period& service, const FeeSchedule& schedule) {
  const Date anniversary = std::clamp(AddMonths(tranche_start, kFirstYearMonths), service.start, service.end);
  std::vector<FeeSegment> segments;
  if (anniversary > service.start) {
    segments.push_back({partner, tranche, schedule.first_year_rate_basis_points, anniversary - service.start});
  }
  if (service.end > anniversary) {
    segments.push_back({partner, tranche, schedule.later_rate_basis_points, service.end - anniversary});
  }
  return segments;
}

absl::StatusOr<std::vector<Money>> FeeAmounts(const Money& net, const std::vector<FeeSegment>& segments) {
  int64_t days = 0;
  for (const FeeSegment& segment : segments) days += segment.days;
  if (days < 1) return InvalidField("segments", "must cover at least one day");
  ASSIGN_OR_RETURN(Money so_far, Money::Zero(net.currency()));
  int64_t weight = 0;  // Σ rate × days of the first k: exact until the one division.
  std::vector<Money> amounts;
  for (const FeeSegment& segment : segments) {
    weight += segment.rate_basis_points * segment.days;
    ASSIGN_OR_RETURN(const Money total, net.TimesRounded(1, weight, kWholeInBasisPoints * days));
    ASSIGN_OR_RETURN(const Money amount, total.Minus(so_far));
    amounts.push_back(amount);
    so_far = total;
  }
  return amounts;
}

absl::StatusOr<Money> FeeReversal(const Money& entry, const Money& net, const Money& credited_before,
                                  const Money& credited_now) {
  if (net.micros() < 1 || credited_before.micros() < 0 || credited_now.micros() < 0) {
    return InvalidField("credited", "must not be negative, and the line's net must be positive");
  }
  ASSIGN_OR_RETURN(const Money credited, credited_before.Plus(credited_now));
  ASSIGN_OR_RETURN(const Money left, net.Minus(credited));
  if (left.micros() < 0) {
    return FailedPrecondition("CREDIT_EXCEEDS_LINE", "More than the line's net would be credited.",
                              {{"net", net.ToString()}, {"credited", credited.ToString()}});
  }
  ASSIGN_OR_RETURN(const Money before, entry.TimesRounded(1, credited_before.micros(), net.micros()));
  ASSIGN_OR_RETURN(const Money after, entry.TimesRounded(1, credited.micros(), net.micros()));
  return before.Minus(after);
}

Uuid FeeId(const Uuid& invoice, int64_t line, int64_t segment, const FeeKey& key) {
  return Uuid::Derived({"fee", invoice.bytes(), absl::StrCat(line), absl::StrCat(segment), absl::StrCat(key.generation),
                        absl::StrCat(key.reversal)});
}

Date LineStartOf(const FeeEntry& entry) {
  return entry.segment_number == 1 ? entry.service.start : entry.service.end - static_cast<int>(entry.line_days);
}

std::string PercentText(int64_t basis_points) {
  std::string percent = absl::StrCat(basis_points / 100);
  if (basis_points % 100 != 0) absl::StrAppendFormat(&percent, ".%02d", basis_points % 100);
  return percent;
}

std::string Explain(const FeeEntry& entry) {
  if (entry.cause == FeeCause::kAdjusted) {
    return absl::StrCat("Adjusted by ", entry.amount.ToString(), ": ", entry.reason);
  }
  if (entry.cause == FeeCause::kForfeited) {
    return absl::StrCat("Forfeited, ", entry.amount.ToString(), ": ", entry.reason);
  }
  if (entry.state == FeeState::kNotEarned) return absl::StrCat(entry.reason, " Not earned: ", entry.forgone.ToString());
  if (entry.key.reversal > 0) {
    const absl::string_view why = entry.cause == FeeCause::kCreditNote
                                      ? " credited since the payment, less what was reversed before: "
                                      : " no longer paid, the rest of the fee: ";
    return absl::StrCat(entry.basis.ToString(), why, entry.amount.ToString());
  }
  std::string text = absl::StrCat(entry.basis.ToString(), " × ", PercentText(entry.segment.rate_basis_points), " % × ",
                                  entry.segment.days, "/", entry.basis_days, " days = ", entry.amount.ToString());
  // The second entry of a line is what the first left of the line's fee, which is rounded as a whole.
  if (entry.segment_number > 1) absl::StrAppend(&text, ", rounded together with the line's days before");
  return text;
}

}  // namespace countersign::billing
