#include "billing-service/src/domain/ledger.h"

#include <utility>

#include "absl/strings/str_cat.h"
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

void Posting::Debit(LedgerAccount account, const Money& amount, absl::string_view part) {
  for (LedgerEntry& other : debits_) {
    if (other.account != account || other.part != part) continue;
    const absl::StatusOr<Money> sum = other.amount.Plus(amount);
    if (sum.ok()) {
      other.amount = *sum;
    } else {
      failed_ = sum.status();
    }
    return;
  }
  debits_.push_back({account, LedgerSide::kDebit, amount, std::string(part)});
}

absl::StatusOr<LedgerTransaction> Posting::Finish() && {
  RETURN_IF_ERROR(failed_);
  for (const LedgerEntry& debit : debits_) {
    const size_t before = transaction_.entries.size();
    Add(transaction_, debit.account, LedgerSide::kDebit, debit.amount);
    if (transaction_.entries.size() > before) transaction_.entries.back().part = debit.part;
  }
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

absl::StatusOr<LedgerTransaction> PostInvoiceOpened(const Uuid& account, const Uuid& invoice, const Money& net,
                                                    const Money& tax, absl::string_view region, Date date) {
  Posting posting(account, "INVOICE_OPENED", invoice, date);
  posting.Debit(LedgerAccount::kAccountsReceivable, net);
  posting.Debit(LedgerAccount::kAccountsReceivable, tax);
  posting.Credit(LedgerAccount::kRevenue, net);
  posting.Credit(LedgerAccount::kTaxPayable, tax, region);
  return std::move(posting).Finish();
}

absl::StatusOr<LedgerTransaction> PostFees(const Uuid& account, const Uuid& cause, const Money& fees, Date date) {
  return PostPair(Begin(account, "FEES_CHANGED", cause, date), LedgerAccount::kFeeExpense, LedgerAccount::kFeeClearing,
                  fees);
}

absl::StatusOr<LedgerTransaction> PostPartnersFee(const FeeEntry& fee) {
  const bool forfeited = fee.cause == FeeCause::kForfeited;
  const bool adjusted = fee.cause == FeeCause::kAdjusted;
  LedgerTransaction transaction = Begin(fee.segment.partner,
                                        forfeited  ? "FEE_FORFEITED"
                                        : adjusted ? "FEE_ADJUSTED"
                                                   : "FEE_ACCRUED",
                                        fee.id, DateOf(fee.accrue_time));
  Add(transaction, LedgerAccount::kFeePayable, LedgerSide::kCredit, fee.amount);
  Add(transaction, LedgerAccount::kFeeForgone, LedgerSide::kCredit, fee.forgone);
  // What the partner gets and what it forgoes together come from the account, unless an operator gave or took it.
  ASSIGN_OR_RETURN(const Money source, fee.amount.Plus(fee.forgone));
  Add(transaction, adjusted ? LedgerAccount::kFeeAdjustment : LedgerAccount::kFeeClearing, LedgerSide::kDebit, source);
  return Finish(std::move(transaction));
}

absl::StatusOr<LedgerTransaction> PostPayout(const Payout& payout, Date date) {
  // A payout may be sent again after it was returned, so each attempt posts for itself.
  LedgerTransaction transaction =
      Begin(payout.partner, absl::StrCat("PAYOUT_", NameOf(payout.state), "_", payout.attempt), payout.id, date);
  if (payout.state != PayoutState::kSent && payout.state != PayoutState::kReturned) return transaction;
  const bool sent = payout.state == PayoutState::kSent;
  const LedgerSide debit = sent ? LedgerSide::kDebit : LedgerSide::kCredit;
  const LedgerSide credit = sent ? LedgerSide::kCredit : LedgerSide::kDebit;
  Add(transaction, LedgerAccount::kFeePayable, debit, payout.total);
  const size_t entries = transaction.entries.size();
  Add(transaction, LedgerAccount::kInputTax, debit, payout.tax);
  if (transaction.entries.size() > entries) transaction.entries.back().part = payout.tax_region;
  Add(transaction, LedgerAccount::kPayoutClearing, credit, SentAmount(payout));
  Add(transaction, LedgerAccount::kFeeWithholding, credit, payout.withheld);
  return Finish(std::move(transaction));
}

}  // namespace countersign::billing
