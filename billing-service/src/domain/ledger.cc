#include "billing-service/src/domain/ledger.h"

#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

LedgerTransaction Begin(const Uuid& tenant, absl::string_view act, const Uuid& subject, Date date) {
  return {Uuid::Derived({"ledger", tenant.bytes(), act, subject.bytes()}), tenant, std::string(act), subject, date, {}};
}

// A negative amount goes on the other side.
void Add(LedgerTransaction& transaction, LedgerAccount account, LedgerSide side, const Money& amount) {
  if (amount.is_zero()) return;
  if (amount.micros() > 0) {
    transaction.entries.push_back({account, side, amount});
    return;
  }
  const LedgerSide other = side == LedgerSide::kDebit ? LedgerSide::kCredit : LedgerSide::kDebit;
  transaction.entries.push_back({account, other, amount.Negated()});
}

absl::StatusOr<LedgerTransaction> Finish(LedgerTransaction transaction) {
  if (!transaction.entries.empty()) RETURN_IF_ERROR(CheckBalanced(transaction));
  return transaction;
}

absl::StatusOr<LedgerTransaction> PostPair(LedgerTransaction transaction, LedgerAccount debit, LedgerAccount credit,
                                           const Money& amount) {
  Add(transaction, debit, LedgerSide::kDebit, amount);
  Add(transaction, credit, LedgerSide::kCredit, amount);
  return Finish(std::move(transaction));
}

}  // namespace

Posting::Posting(const Uuid& tenant, absl::string_view act, const Uuid& subject, Date date)
    : transaction_(Begin(tenant, act, subject, date)) {}

void Posting::Debit(LedgerAccount account, const Money& amount) {
  for (auto& [other, debit] : debits_) {
    if (other != account) continue;
    const absl::StatusOr<Money> sum = debit.Plus(amount);
    if (sum.ok()) {
      debit = *sum;
    } else {
      failed_ = sum.status();
    }
    return;
  }
  debits_.emplace_back(account, amount);
}

absl::StatusOr<LedgerTransaction> Posting::Finish() && {
  RETURN_IF_ERROR(failed_);
  for (const auto& [account, debit] : debits_) Add(transaction_, account, LedgerSide::kDebit, debit);
  return billing::Finish(std::move(transaction_));
}

absl::Status CheckBalanced(const LedgerTransaction& transaction) {
  if (transaction.entries.empty()) return absl::InternalError("A ledger transaction has no entries.");
  ASSIGN_OR_RETURN(Money balance, Money::Zero(transaction.entries.front().amount.currency()));
  for (const LedgerEntry& entry : transaction.entries) {
    if (entry.amount.micros() < 1 || entry.amount.currency() != balance.currency()) {
      return absl::InternalError("A ledger entry is not above zero or not in the currency of the first.");
    }
    ASSIGN_OR_RETURN(balance,
                     entry.side == LedgerSide::kDebit ? balance.Plus(entry.amount) : balance.Minus(entry.amount));
  }
  if (!balance.is_zero()) return absl::InternalError("The debits of a ledger transaction differ from its credits.");
  return absl::OkStatus();
}

absl::StatusOr<LedgerTransaction> PostInvoiceOpened(const Uuid& account, const Uuid& invoice, const Money& total,
                                                    Date date) {
  return PostPair(Begin(account, "INVOICE_OPENED", invoice, date), LedgerAccount::kAccountsReceivable,
                  LedgerAccount::kRevenue, total);
}

absl::StatusOr<LedgerTransaction> PostFees(const Uuid& account, const Uuid& cause, const Money& fees, Date date) {
  return PostPair(Begin(account, "FEES_CHANGED", cause, date), LedgerAccount::kFeeExpense, LedgerAccount::kFeeClearing,
                  fees);
}

absl::StatusOr<LedgerTransaction> PostFeePayable(const Uuid& partner, const Uuid& fee, const Money& amount, Date date) {
  return PostPair(Begin(partner, "FEE_ACCRUED", fee, date), LedgerAccount::kFeeClearing, LedgerAccount::kFeePayable,
                  amount);
}

}  // namespace countersign::billing
