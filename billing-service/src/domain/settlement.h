// Settlement: the money of a bank receipt or a charge is used on its account, and what it pays in full earns its fees;
// or it is gone again.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/account_book.h"
#include "billing-service/src/domain/bank_receipt.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/domain/payment.h"

namespace countersign::billing {

// Everything that a settlement, or its reversal, writes.
struct Settlement {
  Payment payment;
  AccountChange change;
};

// Uses the receipt, which is allocated to the account, whose invoices in `state` are those that can take money. What it
// leaves due of the last invoice is bank charges up to `small_difference` micros. Errors:
// FAILED_PRECONDITION CURRENCY_MISMATCH; OUT_OF_RANGE.
absl::StatusOr<Settlement> Settle(const AccountState& state, const BankReceipt& receipt, int64_t small_difference,
                                  absl::Time now);

// The same for a charge that SUCCEEDED, value today: it pays its own invoice first. Errors: the same; OUT_OF_RANGE.
absl::StatusOr<Settlement> SettleCharge(const AccountState& state, const Charge& charge, absl::Time now);

// The receipt, whose `payment` this was to be, was taken off the account before its money was used: FAILED, so that
// nobody uses it any more, whoever still means to.
Payment NeverUsed(const BankReceipt& receipt, const Uuid& account, const Uuid& payment, absl::Time now);

// The payment's money is gone: all that it paid is due again, the credit that it left is taken back, also where it was
// used since (`uses` are the account's standing ones), and credit that other money left is used again. What was
// refunded meanwhile is posted on refund_recoverable, and the account's credit is below zero by it. `state` holds
// the invoices of its allocations and of `uses`. Errors: FAILED_PRECONDITION PAYMENT_STATE unless it SUCCEEDED;
// OUT_OF_RANGE.
absl::StatusOr<Settlement> ReversePayment(AccountState state, Payment payment, std::vector<CreditUse> uses,
                                          absl::Time now);

// OK unless the reversal would leave refunded credit to recover. Error: FAILED_PRECONDITION CREDIT_REFUNDED.
absl::Status CheckNothingRefunded(const Settlement& reversal);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_
