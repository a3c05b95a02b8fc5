// The acts of operators and of the service on an account's money, each decided whole: credit notes, voiding, writing
// off, refunds, the use of credit. Payments are in settlement.h.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ACTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ACTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_book.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/credit_note.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/refund.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// The input of an act's decision: the account, every invoice that can take money, and those that the act names.
struct AccountState {
  BillingAccount account;
  std::vector<Invoice> invoices;  // With their credits.
  std::vector<FeeEntry> fees;     // Every entry of those invoices.
};

struct CreditOrder {
  Uuid invoice;
  CreditTerms terms;
  std::string reason;
  bool voids = false;
};

// Everything that a credit note writes.
struct CreditIssue {
  CreditNote note;
  AccountChange change;
};

// Writes a credit note; the credit that it leaves is used at once. Errors: those of AccountBook::Issue.
absl::StatusOr<CreditIssue> IssueCreditNote(AccountState state, const CreditOrder& order, absl::Time now);

// OPEN → UNCOLLECTIBLE. Error: FAILED_PRECONDITION INVOICE_STATE.
absl::StatusOr<AccountChange> WriteOffInvoice(AccountState state, const Uuid& invoice, absl::Time now);

// Errors: FAILED_PRECONDITION CURRENCY_MISMATCH, REFUND_EXCEEDS_CREDIT.
absl::StatusOr<AccountChange> RefundCredit(const BillingAccount& account, const Refund& refund);

// Uses the account's credit because `subject` happened: an invoice opened, or the account changed and credit was left.
// Without credit or something due the change has no invoices.
absl::StatusOr<AccountChange> UseCreditFor(AccountState state, const Uuid& subject, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ACTS_H_
