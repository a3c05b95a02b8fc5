// An account's money during one act: the credit that it has, the invoices that it owes, the fees that they earn. Every
// act on it (a payment, a credit note, a refund, a reversal) goes through here, so that what is due, the credit, the
// fees and the ledger move together.
// The credit is below zero where money bounced that had been refunded: by what the customer has to pay back.
// Source of the rules: docs/domain.md, Account credit, Payments, Reversed payments, Partner fees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_BOOK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/credit_note.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/payment.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// Account credit that was used on an invoice.
struct CreditUse {
  Uuid account;
  int64_t account_version = 0;  // After the act that used it: orders the uses.
  Uuid invoice;
  Money amount;  // > 0.
  Money undone;  // Taken back when a payment was reversed; at most the amount.
};

// Everything that an act on an account's money writes beside its own record.
struct AccountChange {
  BillingAccount account;         // Version + 1.
  std::vector<Invoice> invoices;  // That changed, version + 1, oldest first.
  std::vector<Invoice> before;    // The same as they were.
  std::vector<FeeEntry> fees;     // Accrued or reversed.
  std::vector<CreditUse> uses;    // New ones, and those that were taken back further.
  LedgerTransaction posting;      // Without entries when no money moved.
  bool credit_waits = false;      // There is credit left, and an invoice for another act to use it on.
};

// Names the act, for its posting and for the fees that follow from it.
struct AccountAct {
  absl::string_view name;  // "CREDIT_NOTE_ISSUED": of the ledger.
  Uuid subject;            // The credit note, payment or refund.
  Date date;
  absl::Time now;
};

class AccountBook {
 public:
  // `invoices` are all that the act may touch, with their credits, among them every one that can take money; `fees`
  // every entry of them.
  AccountBook(const BillingAccount& account, std::vector<Invoice> invoices, std::vector<FeeEntry> fees,
              const AccountAct& act);

  // Money from the bank or a charge: paid as `allocation` says, the rest is credit.
  absl::Status Receive(const Money& amount, const Allocation& allocation);

  // Writes a credit note of what `terms` say and takes it. An act may write one of each of several invoices: bill's
  // cancellations do. `voids`: the invoice must be OPEN or UNCOLLECTIBLE with nothing paid on it. Errors: those of
  // DecideCredits and NewCreditNote; FAILED_PRECONDITION INVOICE_PARTLY_PAID, INVOICE_STATE.
  absl::StatusOr<CreditNote> Issue(const Uuid& invoice, const CreditTerms& terms, absl::string_view reason,
                                   bool voids = false);

  // A credit note of an invoice in the book. It closes what is due, and the rest is credit. The invoice is then PAID
  // (VOID, if the note voids it) if nothing is due any more. Paid before: its fees are reversed; else they will be
  // earned on what is left.
  absl::Status Take(const CreditNote& note);

  // Uses the account's credit, oldest invoice first, while the act has less than kMaxRowsOfAct rows.
  absl::Status UseCredit();

  // Credit leaves for the bank. Error: FAILED_PRECONDITION REFUND_EXCEEDS_CREDIT.
  absl::Status Refund(const Money& amount);

  // Undoes a payment: what it paid on each invoice, newest first, then the credit that it left; where that was used
  // since, the newest of `uses` are taken back, and what was refunded leaves a credit below zero. What is PAID no
  // longer is OPEN again, and its fees are reversed in full.
  absl::Status Reverse(const Money& amount, const Allocation& allocation, std::vector<CreditUse> uses);

  // The invoice is given up: OPEN → UNCOLLECTIBLE. It is still owed, so nothing is posted.
  absl::Status WriteOff(const Uuid& invoice);

  // The act ends. Errors: INTERNAL, OUT_OF_RANGE.
  absl::StatusOr<AccountChange> Close() &&;

 private:
  absl::StatusOr<size_t> Find(const Uuid& invoice) const;
  absl::Status AddCredit(const Money& amount);
  // What the part pays on its invoice; the bank charge in it is posted on that side.
  absl::StatusOr<Money> WithBankCharge(const AllocatedPart& part, LedgerSide side);
  absl::Status Pay(size_t index, const Money& amount);
  absl::Status TakeBack(size_t index, const Money& amount);
  absl::Status TakeBackUses(Money missing, std::vector<CreditUse> uses);
  absl::Status Settle(size_t index, InvoiceState state);
  // The entries of the invoice, those of this act included.
  std::vector<FeeEntry> FeesOf(const Invoice& invoice) const;
  // Whether the act may pay that invoice, too. It may always pay one.
  bool HasRoomFor(const Invoice& invoice) const;
  absl::Status Write(absl::StatusOr<std::vector<FeeEntry>> fees);

  BillingAccount account_;
  std::vector<Invoice> invoices_;      // Oldest first.
  const std::vector<Invoice> before_;  // The same as they were read.
  std::vector<FeeEntry> fees_;
  const AccountAct act_;
  std::set<size_t> changed_;
  std::vector<FeeEntry> written_;
  std::vector<CreditUse> uses_;
  Posting posting_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_BOOK_H_
