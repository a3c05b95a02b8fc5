// Settlement: a bank receipt's money is used on its account, and what it pays in full earns its fees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/payment.h"

namespace countersign::billing {

// Everything that a settlement writes.
struct Settlement {
  Payment payment;
  BillingAccount account;         // Version + 1; credit grown by what no invoice took.
  std::vector<Invoice> invoices;  // That took money, version + 1; PAID where nothing is due any more.
  std::vector<FeeEntry> earned;   // Of the invoices that became PAID.
  LedgerTransaction posting;
};

// Uses the receipt on `account`. `receivables` are the account's OPEN and UNCOLLECTIBLE invoices, `history` their fee
// entries, frozen, accrued and reversed. Errors: FAILED_PRECONDITION CURRENCY_MISMATCH; OUT_OF_RANGE.
absl::StatusOr<Settlement> Settle(const BillingAccount& account, const BankReceipt& receipt,
                                  const std::vector<Invoice>& receivables, const std::vector<FeeEntry>& history,
                                  absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SETTLEMENT_H_
