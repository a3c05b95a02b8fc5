// The fate of an invoice's frozen fee segments: accrued each time it is paid, reversed by credit notes and when it
// is no longer paid. Pure functions of the entries written so far and of the line's credit notes.
// Source of the rules: docs/domain.md, Fee entry and Reversal.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_ACCRUAL_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_ACCRUAL_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// The part of a credit note that falls on one line.
struct LineCredit {
  int64_t line = 0;  // From 1.
  Money net;         // Without tax, >= 0; zero for a tax-only credit note.
  // The service days that are credited: the segments of these days lose the money first. None: all segments alike.
  std::optional<Period> days;
};

// Why entries are made, and when.
struct FeeAct {
  FeeCause cause = FeeCause::kInvoicePaid;
  std::optional<Uuid> cause_id;  // The payment or the credit note.
  absl::Time now;
};

// In all of these, `history` holds every entry of one invoice (frozen, accrued and reversed, in any order), and
// `credits` every credit of it by credit notes so far, oldest first. The results are new entries (or the frozen ones,
// now earned), in order of line and segment, to be written with FeeStore::EarnedRow and FeeEvents.
// Errors of all: FAILED_PRECONDITION CREDIT_EXCEEDS_LINE; INVALID_ARGUMENT (currencies differ, a credit below zero);
// OUT_OF_RANGE.

// The invoice became PAID: the next generation of each segment, of what is left of its line after `credits`.
// Error: FAILED_PRECONDITION FEE_ALREADY_ACCRUED while an earlier generation is not reversed.
absl::StatusOr<std::vector<FeeEntry>> AccrueFees(const std::vector<FeeEntry>& history,
                                                 const std::vector<LineCredit>& credits, const FeeAct& act);

// A credit note was written for a PAID invoice; `credits` ends with its own. Per entry: round(entry × net credited
// since the payment ÷ net that it was accrued for) is reversed so far, and the new reversal is the difference; none
// where that is zero, or where nothing is accrued.
absl::StatusOr<std::vector<FeeEntry>> ReverseForCredit(const std::vector<FeeEntry>& history,
                                                       const std::vector<LineCredit>& credits, const FeeAct& act);

// The invoice left PAID: each entry of the last generation is reversed in full.
absl::StatusOr<std::vector<FeeEntry>> ReverseInFull(const std::vector<FeeEntry>& history, const FeeAct& act);

// The sum of the entries, for the ledger. Error: INVALID_ARGUMENT for an entry in another currency.
absl::StatusOr<Money> SumOfFees(const std::vector<FeeEntry>& entries, absl::string_view currency);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_ACCRUAL_H_
