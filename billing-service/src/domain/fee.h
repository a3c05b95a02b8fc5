// Partner fees: frozen when an invoice opens, accrued when it is paid, reversed by credit notes.
// Source of the rules: docs/domain.md, Partner fees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee_schedule.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// 100 %.
inline constexpr int64_t kWholeInBasisPoints = 10'000;

// The days of one invoice line that earn one rate.
struct FeeSegment {
  Uuid partner;  // Of record at the start of the line's service period.
  int64_t tranche = 0;
  int64_t rate_basis_points = 0;
  int64_t days = 0;

  friend bool operator==(const FeeSegment&, const FeeSegment&) = default;
};

// The segments of a line that serves `service` to a tranche that began on `tranche_start`: at the schedule's first rate
// for the days within 12 months of it, at the later one after; one or two segments in order of time, and their days add
// up to the service period.
std::vector<FeeSegment> FreezeFeeSegments(const Uuid& partner, int64_t tranche, Date tranche_start,
                                          const Period& service, const FeeSchedule& schedule);

// The entry of each segment, in the same order, for a line whose net is `net` after what was credited before payment:
// net × rate × days ÷ days of the service period. Split cumulatively: entry k = round(sum of the first k exact amounts)
// − the entries before, so that the entries add up to the line's fee rounded once.
// Error: INVALID_ARGUMENT for segments without a day; OUT_OF_RANGE.
absl::StatusOr<std::vector<Money>> FeeAmounts(const Money& net, const std::vector<FeeSegment>& segments);

// The new, negative entry for `credited_now` of the line's `net` after `credited_before` (both net of tax and after
// payment): round(entry × credited so far ÷ net) is reversed so far, the new entry is the difference.
// Errors: FAILED_PRECONDITION CREDIT_EXCEEDS_LINE when more than `net` would be credited, so never more than the entry
// is reversed; INVALID_ARGUMENT for amounts below zero or of another currency.
absl::StatusOr<Money> FeeReversal(const Money& entry, const Money& net, const Money& credited_before,
                                  const Money& credited_now);

// Which entry of a frozen segment: the fee accrued when the invoice was paid the generation-th time (from 1), or the
// reversal-th (from 1) reversal of it.
struct FeeKey {
  int64_t generation = 1;
  int64_t reversal = 0;  // 0: the fee itself.

  friend bool operator==(const FeeKey&, const FeeKey&) = default;
};

// The id of a fee entry: the same for the same invoice, line, segment (both from 1) and key, so that a delivery that
// comes twice makes one entry.
Uuid FeeId(const Uuid& invoice, int64_t line, int64_t segment, const FeeKey& key);

// As a partner sees it. Stored is ACCRUED, HELD or NOT_EARNED; the rest follows from what covers the entry: its hold,
// its statement and payout.
enum class FeeState { kAccrued, kHeld, kNotEarned, kForfeited, kStated, kPaid };

inline constexpr Named<FeeState> kFeeStates[] = {
    {FeeState::kAccrued, "ACCRUED"},     {FeeState::kHeld, "HELD"},     {FeeState::kNotEarned, "NOT_EARNED"},
    {FeeState::kForfeited, "FORFEITED"}, {FeeState::kStated, "STATED"}, {FeeState::kPaid, "PAID"},
};
inline absl::string_view NameOf(FeeState state) { return NameIn(kFeeStates, state); }

// Why there is an entry.
enum class FeeCause { kInvoicePaid, kCreditNote, kInvoiceReopened, kForfeited, kAdjusted };

inline constexpr Named<FeeCause> kFeeCauses[] = {
    {FeeCause::kInvoicePaid, "INVOICE_PAID"},
    {FeeCause::kCreditNote, "CREDIT_NOTE"},
    {FeeCause::kInvoiceReopened, "INVOICE_REOPENED"},  // Its payment was reversed.
    {FeeCause::kForfeited, "FORFEITED"},               // Its partner was terminated while it was held.
    {FeeCause::kAdjusted, "ADJUSTED"},                 // An operator's correction.
};
inline absl::string_view NameOf(FeeCause cause) { return NameIn(kFeeCauses, cause); }

// One entry: what one segment of one invoice line earns, or a reversal of it. Immutable once accrued.
struct FeeEntry {
  Uuid id;
  Uuid account;
  Uuid invoice;
  int64_t line = 0;            // From 1.
  int64_t segment_number = 0;  // From 1 within the line.
  Uuid subscription;
  FeeSegment segment;
  Period service;         // The segment's days.
  int64_t line_days = 0;  // The days of the line's whole service period.
  Money line_net;
  FeeKey key;
  // The fee is basis × rate × days ÷ basis_days: by default of the line's whole net, over the line's days. Once single
  // days were credited it is the segment's own net, over the segment's days. Of a reversal: what it is for, the net
  // credited since the payment, of the line or of the segment alike.
  Money basis;
  int64_t basis_days = 0;
  FeeCause cause = FeeCause::kInvoicePaid;
  std::optional<Uuid> cause_id;  // The payment, credit note or fee that it is about, where one is known.
  bool earned = false;           // False: only frozen, the invoice was never paid.
  Money amount;                  // Zero until earned; below zero for a reversal.
  FeeState state = FeeState::kAccrued;
  absl::Time accrue_time;
  // Of the partner's side.
  std::optional<Uuid> hold;  // Under which it was entered.
  Money forgone;             // The part that the partner does not get, see PartnerState.
  std::string reason;        // Why it was adjusted, forfeited or not earned.
  int64_t version = 1;       // Written once on either side.
};

// The first day of the service period of the entry's line.
Date LineStartOf(const FeeEntry& entry);

// "12", "12.5": a rate in percent, for people.
std::string PercentText(int64_t basis_points);

// "375.00 USD × 12 % × 30/30 days = 45.00 USD", "125.00 USD credited since the payment: -15.00 USD": the arithmetic for
// people.
std::string Explain(const FeeEntry& entry);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_H_
