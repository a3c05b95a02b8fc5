// Payments: money that is used on an account, and which invoices it settles.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class PaymentState { kPending, kSucceeded, kFailed, kUnknown, kReversed };

inline constexpr Named<PaymentState> kPaymentStates[] = {
    {PaymentState::kPending, "PENDING"}, {PaymentState::kSucceeded, "SUCCEEDED"}, {PaymentState::kFailed, "FAILED"},
    {PaymentState::kUnknown, "UNKNOWN"}, {PaymentState::kReversed, "REVERSED"},
};
inline absl::string_view NameOf(PaymentState state) { return NameIn(kPaymentStates, state); }

// OK for an edge of the state machine, else FAILED_PRECONDITION PAYMENT_STATE.
absl::Status CheckTransition(PaymentState from, PaymentState to);

// An invoice that can take money.
struct Receivable {
  Uuid invoice;
  Date issue_date;
  int64_t sequence = 0;  // Orders invoices of one day.
  Money due;             // Still to pay, > 0.
  size_t rows = 1;       // That paying it writes.
};

// One act on an account's money pays invoices of about so many rows: with its reversal, and what it writes beside them,
// it stays far below what a change may have (common/events/change.h). The rest is used in further acts.
inline constexpr size_t kMaxRowsOfAct = 150;

struct AllocatedPart {
  Uuid invoice;
  Money amount;             // > 0.
  bool settles;             // Nothing is due any more.
  int64_t bank_charge = 0;  // In micros: paid beside the amount by the vendor, who bears a small difference.
};

struct Allocation {
  std::vector<AllocatedPart> parts;  // In the order in which the money was used.
  Money credit;                      // The rest; becomes the account's credit.
};

// The money of a receipt or a charge, used on its account.
struct Payment {
  Uuid id;
  Uuid account;
  std::optional<Uuid> receipt;  // Of it or of a charge.
  std::optional<Uuid> charge;
  PaymentState state = PaymentState::kSucceeded;  // The bank or the processor has the money already.
  Money amount;
  Allocation allocation;
  Date value_date;
  absl::Time create_time;
  int64_t version = 1;
};

// Closes what the last part leaves due of its invoice, as a bank charge, when that is at most `limit` micros and less
// than the part itself.
absl::Status BearSmallDifference(Allocation& allocation, const std::vector<Receivable>& receivables, int64_t limit);

// Uses `amount` for the invoice that the payer named, when it is among `receivables`, then for the oldest first, until
// these are kMaxRowsOfAct rows; the rest is credit. Errors: INVALID_ARGUMENT (amount not positive, currencies differ).
absl::StatusOr<Allocation> Allocate(const Money& amount, const std::optional<Uuid>& instructed,
                                    std::vector<Receivable> receivables);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYMENT_H_
