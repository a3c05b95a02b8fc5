// Settlement: a bank receipt's money is used on its account, and what it pays in full earns its fees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/account_book.h"
#include "billing-service/src/domain/payment.h"

namespace countersign::billing {

// Everything that a settlement writes.
struct Settlement {
  Payment payment;
  AccountChange change;
};

// Uses the receipt on the account, whose invoices in `state` are those that can take money. Errors: FAILED_PRECONDITION
// CURRENCY_MISMATCH; OUT_OF_RANGE.
absl::StatusOr<Settlement> Settle(const AccountState& state, const BankReceipt& receipt, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_
