// Double entry: every business act posts one balanced transaction per currency and tenant, never changed afterwards.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEDGER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEDGER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/payment.h"
#include "billing-service/src/domain/payout.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class LedgerAccount {
  kAccountsReceivable,
  kRevenue,
  kBankClearing,
  kCustomerCredit,
  kRefundRecoverable,  // Refunded credit whose payment was reversed since: the customer owes it.
  kFeeExpense,
  kFeeClearing,  // Where the billing account's side and the partner's side of a fee meet: zero over all tenants.
  kFeePayable,
  kFeeForgone,      // Of partners that were terminated.
  kFeeAdjustment,   // Operators' corrections.
  kPayoutClearing,  // Sent to partners.
  kFeeWithholding,  // Withheld from partners for the tax office.
  kTaxPayable,
  kInputTax,  // Of partners, paid by self-billing: to be had back from the tax office, by region.
  kBankCharges,
};

// The names that the books use.
inline constexpr Named<LedgerAccount> kLedgerAccounts[] = {
    {LedgerAccount::kAccountsReceivable, "accounts_receivable"},
    {LedgerAccount::kRevenue, "revenue"},
    {LedgerAccount::kBankClearing, "bank_clearing"},
    {LedgerAccount::kCustomerCredit, "customer_credit"},
    {LedgerAccount::kRefundRecoverable, "refund_recoverable"},
    {LedgerAccount::kFeeExpense, "fee_expense"},
    {LedgerAccount::kFeeClearing, "fee_clearing"},
    {LedgerAccount::kFeePayable, "fee_payable"},
    {LedgerAccount::kFeeForgone, "fee_forgone"},
    {LedgerAccount::kFeeAdjustment, "fee_adjustment"},
    {LedgerAccount::kPayoutClearing, "payout_clearing"},
    {LedgerAccount::kFeeWithholding, "fee_withholding"},
    {LedgerAccount::kTaxPayable, "tax_payable"},
    {LedgerAccount::kInputTax, "input_tax"},
    {LedgerAccount::kBankCharges, "bank_charges"},
};
inline absl::string_view NameOf(LedgerAccount account) { return NameIn(kLedgerAccounts, account); }

enum class LedgerSide { kDebit, kCredit };

struct LedgerEntry {
  LedgerAccount account;
  LedgerSide side;
  Money amount;           // > 0.
  std::string part = {};  // Of an account that has parts: the region of tax_payable and input_tax.
};

struct LedgerTransaction {
  Uuid id;          // Derived from tenant, act and subject: the same act posts once.
  Uuid tenant;      // Billing account, or partner on the partner's side of fees.
  std::string act;  // UPPER_SNAKE: "INVOICE_OPENED".
  Uuid subject;     // The invoice, payment or fee it is about.
  Date date;
  std::vector<LedgerEntry> entries;
};

// Gathers the entries of one act, one per account: what an account is debited and credited is netted.
class Posting {
 public:
  Posting(const Uuid& tenant, absl::string_view act, const Uuid& subject, Date date);

  // Either side takes amounts below zero, too. Amounts of one posting are of one currency, else Finish fails.
  void Debit(LedgerAccount account, const Money& amount, absl::string_view part = "");
  void Credit(LedgerAccount account, const Money& amount, absl::string_view part = "") {
    Debit(account, amount.Negated(), part);
  }

  // Without entries when everything netted to zero: then it posts nothing. Errors: INTERNAL, see CheckBalanced;
  // OUT_OF_RANGE.
  absl::StatusOr<LedgerTransaction> Finish() &&;

 private:
  LedgerTransaction transaction_;
  std::vector<LedgerEntry> debits_;  // Below zero: credits.
  absl::Status failed_;
};

// OK when there are entries, all of one currency and above zero, and Σ debit = Σ credit. Error: INTERNAL, because a
// transaction that does not balance is a defect, never a caller's fault.
absl::Status CheckBalanced(const LedgerTransaction& transaction);

// The acts. Each result is balanced; entries of zero are left out, and a transaction without entries posts nothing.

// Debit accounts_receivable; credit revenue for `net`, the region's tax_payable for `tax`.
absl::StatusOr<LedgerTransaction> PostInvoiceOpened(const Uuid& account, const Uuid& invoice, const Money& net,
                                                    const Money& tax, absl::string_view region, Date date);

// What partners earn (below zero: lose again) by an act of the account that moves no money of its own: debit
// fee_expense, credit fee_clearing for `fees`. `cause` is what brought it about: a credit note, a reversed payment.
absl::StatusOr<LedgerTransaction> PostFees(const Uuid& account, const Uuid& cause, const Money& fees, Date date);

// The partner's side of one entry: debit fee_clearing, credit fee_payable; of one that is NOT_EARNED, credit
// fee_forgone. FORFEITED: debit fee_payable, credit fee_forgone. ADJUSTED: debit fee_adjustment, credit fee_payable.
// The other way round for amounts below zero.
absl::StatusOr<LedgerTransaction> PostPartnersFee(const FeeEntry& fee);

// The books of a payout's state: SENT: debit fee_payable and, for tax by self-billing, input_tax; credit
// payout_clearing for what is sent and fee_withholding for the rest; RETURNED: the other way round. Nothing in the
// other states.
absl::StatusOr<LedgerTransaction> PostPayout(const Payout& payout, Date date);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEDGER_H_
