#include "billing-service/src/domain/fee_accrual.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "billing-service/src/domain/line_share.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// One frozen segment and what was made of it.
struct SegmentHistory {
  FeeEntry frozen;  // Generation 1, earned or not.
  FeeEntry last;    // Of the last generation.
  Money reversed;   // Of that generation, below or at zero.
  int64_t reversals = 0;

  bool IsOpen() const { return last.earned && last.amount.micros() + reversed.micros() != 0; }
};

using LineHistory = std::vector<SegmentHistory>;  // In order of segments.

FeeEntry LastOf(const std::vector<FeeEntry>& history, const FeeEntry& frozen) {
  FeeEntry last = frozen;
  for (const FeeEntry& entry : history) {
    const bool same = entry.line == frozen.line && entry.segment_number == frozen.segment_number;
    if (same && entry.key.reversal == 0 && entry.key.generation > last.key.generation) last = entry;
  }
  return last;
}

absl::StatusOr<SegmentHistory> HistoryOf(const std::vector<FeeEntry>& history, const FeeEntry& frozen) {
  SegmentHistory segment{frozen, LastOf(history, frozen), {}, 0};
  ASSIGN_OR_RETURN(segment.reversed, Money::Zero(frozen.line_net.currency()));
  for (const FeeEntry& entry : history) {
    if (entry.line != frozen.line || entry.segment_number != frozen.segment_number || entry.key.reversal == 0 ||
        entry.key.generation != segment.last.key.generation) {
      continue;
    }
    ASSIGN_OR_RETURN(segment.reversed, segment.reversed.Plus(entry.amount));
    ++segment.reversals;
  }
  return segment;
}

absl::StatusOr<std::map<int64_t, LineHistory>> LinesOf(const std::vector<FeeEntry>& history) {
  std::map<int64_t, LineHistory> lines;
  for (const FeeEntry& entry : history) {
    if (entry.key != FeeKey{}) continue;
    ASSIGN_OR_RETURN(SegmentHistory segment, HistoryOf(history, entry));
    lines[entry.line].push_back(std::move(segment));
  }
  for (auto& [line, segments] : lines) {
    std::sort(segments.begin(), segments.end(), [](const SegmentHistory& a, const SegmentHistory& b) {
      return a.frozen.segment_number < b.frozen.segment_number;
    });
  }
  return lines;
}

absl::StatusOr<LineShare> ShareOf(const LineHistory& line, const std::vector<LineCredit>& credits) {
  const FeeEntry& first = line.front().frozen;
  std::vector<int64_t> days;
  for (const SegmentHistory& segment : line) days.push_back(segment.frozen.segment.days);
  LineShare share(first.line_net, first.service.start, std::move(days));
  for (const LineCredit& credit : credits) {
    if (credit.line == first.line) RETURN_IF_ERROR(share.Credit(credit.net, credit.days));
  }
  return share;
}

// The k-th segment's basis and days, see FeeEntry.
absl::Status SetBases(const LineShare& share, std::vector<FeeEntry>& entries) {
  ASSIGN_OR_RETURN(const std::vector<Money> own, share.Own());
  for (size_t i = 0; i < entries.size(); ++i) {
    entries[i].basis = share.by_segment() ? own[i] : share.left();
    entries[i].basis_days = share.by_segment() ? entries[i].segment.days : entries[i].line_days;
  }
  return absl::OkStatus();
}

// basis × rate × days ÷ basis_days of each, rounded once for the line and split cumulatively.
absl::Status SetAmounts(std::vector<FeeEntry>& entries, bool by_segment) {
  ASSIGN_OR_RETURN(Money so_far, Money::Zero(entries.front().basis.currency()));
  if (!by_segment) {
    std::vector<FeeSegment> segments;
    for (const FeeEntry& entry : entries) segments.push_back(entry.segment);
    ASSIGN_OR_RETURN(const std::vector<Money> amounts, FeeAmounts(entries.front().basis, segments));
    for (size_t i = 0; i < entries.size(); ++i) entries[i].amount = amounts[i];
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int digits, MinorUnitDigits(so_far.currency()));
  int64_t quantum = Money::kMicrosPerUnit;
  for (int i = 0; i < digits; ++i) quantum /= 10;
  ASSIGN_OR_RETURN(const Money minor_unit, Money::FromMicros(quantum, so_far.currency()));
  int64_t weight = 0;  // Σ net in minor units × rate.
  for (FeeEntry& entry : entries) {
    int64_t part = 0;
    if (__builtin_mul_overflow(entry.basis.micros() / quantum, entry.segment.rate_basis_points, &part) ||
        __builtin_add_overflow(weight, part, &weight)) {
      return absl::OutOfRangeError("The fee of a line is out of range.");
    }
    ASSIGN_OR_RETURN(const Money total, minor_unit.TimesRounded(1, weight, kWholeInBasisPoints));
    ASSIGN_OR_RETURN(entry.amount, total.Minus(so_far));
    so_far = total;
  }
  return absl::OkStatus();
}

FeeEntry NextGeneration(const SegmentHistory& segment, const FeeAct& act) {
  FeeEntry entry = segment.frozen;
  if (segment.last.earned) {
    entry.key = {segment.last.key.generation + 1, 0};
    entry.id = FeeId(entry.invoice, entry.line, entry.segment_number, entry.key);
  }
  entry.earned = true;
  entry.cause = act.cause;
  entry.cause_id = act.cause_id;
  entry.accrue_time = act.now;
  return entry;
}

FeeEntry Reversal(const SegmentHistory& segment, const Money& basis, const Money& amount, const FeeAct& act) {
  FeeEntry entry = segment.last;
  entry.key.reversal = segment.reversals + 1;
  entry.id = FeeId(entry.invoice, entry.line, entry.segment_number, entry.key);
  entry.basis = basis;
  entry.amount = amount;
  entry.cause = act.cause;
  entry.cause_id = act.cause_id;
  entry.accrue_time = act.now;
  return entry;
}

// The net that the k-th segment's last generation was accrued for, and what of it was credited since. Of amounts alone
// both are the line's, which is the same fraction without rounding.
struct CreditedPart {
  Money of;
  Money credited;
};

absl::StatusOr<std::vector<CreditedPart>> CreditedSince(const LineHistory& line, const LineShare& now) {
  ASSIGN_OR_RETURN(const std::vector<Money> own, now.Own());
  const FeeEntry& first = line.front().last;
  const bool was_by_segment = line.size() > 1 && first.basis_days != first.line_days;
  std::vector<Money> before;
  if (!was_by_segment) {
    std::vector<int64_t> days;
    for (const SegmentHistory& segment : line) days.push_back(segment.last.segment.days);
    ASSIGN_OR_RETURN(before, first.basis.SplitCumulatively(days));
  }
  std::vector<CreditedPart> parts;
  for (size_t i = 0; i < line.size(); ++i) {
    CreditedPart part;
    if (!now.by_segment()) {
      part.of = first.basis;
      ASSIGN_OR_RETURN(part.credited, first.basis.Minus(now.left()));
    } else {
      part.of = was_by_segment ? line[i].last.basis : before[i];
      ASSIGN_OR_RETURN(part.credited, part.of.Minus(own[i]));
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Appends the reversal of what `part` makes due beyond what is reversed already; none when that is nothing.
absl::Status ReverseTo(const SegmentHistory& segment, const CreditedPart& part, const FeeAct& act,
                       std::vector<FeeEntry>& reversals) {
  if (!segment.IsOpen() || part.of.micros() < 1 || part.credited.micros() < 1) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Money due, segment.last.amount.TimesRounded(1, part.credited.micros(), part.of.micros()));
  ASSIGN_OR_RETURN(const Money so_far, due.Plus(segment.reversed));  // reversed is below zero
  if (so_far.micros() > 0) reversals.push_back(Reversal(segment, part.credited, so_far.Negated(), act));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<FeeEntry>> AccrueFees(const std::vector<FeeEntry>& history,
                                                 const std::vector<LineCredit>& credits, const FeeAct& act) {
  ASSIGN_OR_RETURN(const auto lines, LinesOf(history));
  std::vector<FeeEntry> accrued;
  for (const auto& [number, line] : lines) {
    std::vector<FeeEntry> entries;
    for (const SegmentHistory& segment : line) {
      if (segment.IsOpen()) {
        return FailedPrecondition("FEE_ALREADY_ACCRUED", "The fee of the paid invoice is accrued and not reversed.",
                                  {{"fee", segment.last.id.ToString()}});
      }
      entries.push_back(NextGeneration(segment, act));
    }
    ASSIGN_OR_RETURN(const LineShare share, ShareOf(line, credits));
    RETURN_IF_ERROR(SetBases(share, entries));
    RETURN_IF_ERROR(SetAmounts(entries, share.by_segment()));
    accrued.insert(accrued.end(), entries.begin(), entries.end());
  }
  return accrued;
}

absl::StatusOr<std::vector<FeeEntry>> ReverseForCredit(const std::vector<FeeEntry>& history,
                                                       const std::vector<LineCredit>& credits, const FeeAct& act) {
  ASSIGN_OR_RETURN(const auto lines, LinesOf(history));
  std::vector<FeeEntry> reversals;
  for (const auto& [number, line] : lines) {
    ASSIGN_OR_RETURN(const LineShare share, ShareOf(line, credits));
    ASSIGN_OR_RETURN(const std::vector<CreditedPart> parts, CreditedSince(line, share));
    for (size_t i = 0; i < line.size(); ++i) RETURN_IF_ERROR(ReverseTo(line[i], parts[i], act, reversals));
  }
  return reversals;
}

absl::StatusOr<std::vector<FeeEntry>> ReverseInFull(const std::vector<FeeEntry>& history, const FeeAct& act) {
  ASSIGN_OR_RETURN(const auto lines, LinesOf(history));
  std::vector<FeeEntry> reversals;
  for (const auto& [number, line] : lines) {
    for (const SegmentHistory& segment : line) {
      if (!segment.IsOpen()) continue;
      ASSIGN_OR_RETURN(const Money rest, segment.last.amount.Plus(segment.reversed));
      reversals.push_back(Reversal(segment, segment.last.basis, rest.Negated(), act));
    }
  }
  return reversals;
}

absl::StatusOr<Money> SumOfFees(const std::vector<FeeEntry>& entries, absl::string_view currency) {
  ASSIGN_OR_RETURN(Money sum, Money::Zero(currency));
  for (const FeeEntry& entry : entries) {
    ASSIGN_OR_RETURN(sum, sum.Plus(entry.amount));
  }
  return sum;
}

}  // namespace countersign::billing
