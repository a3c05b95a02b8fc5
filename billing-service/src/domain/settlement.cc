#include "billing-service/src/domain/settlement.h"

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// Uses the payment's money on the account: for `invoice` first, where it can take money.
absl::StatusOr<Settlement> Use(const AccountState& state, Payment payment, const std::optional<Uuid>& invoice,
                               int64_t small_difference) {
  RETURN_IF_ERROR(CheckCurrency(state.account, payment.amount.currency()));
  std::vector<Receivable> receivables;
  receivables.reserve(state.invoices.size());
  std::map<Uuid, size_t> fees;
  for (const FeeEntry& fee : state.fees) ++fees[fee.invoice];
  for (const Invoice& open : state.invoices) {
    // The invoice of a charge was read whatever its state.
    if (AmountDue(open).is_zero()) continue;
    // Its own, its part of the payment, and its fees.
    receivables.push_back({open.id, open.issue_date, open.sequence, AmountDue(open), 2 + fees[open.id]});
  }
  ASSIGN_OR_RETURN(payment.allocation, Allocate(payment.amount, invoice, receivables));
  RETURN_IF_ERROR(BearSmallDifference(payment.allocation, receivables, small_difference));
  payment.account = state.account.id;
  AccountBook book(state.account, state.invoices, state.fees,
                   {"PAYMENT_SUCCEEDED", payment.id, payment.value_date, payment.create_time});
  RETURN_IF_ERROR(book.Receive(payment.amount, payment.allocation));
  Settlement settlement;
  ASSIGN_OR_RETURN(settlement.change, std::move(book).Close());
  settlement.payment = std::move(payment);
  return settlement;
}

}  // namespace

absl::StatusOr<Settlement> Settle(const AccountState& state, const BankReceipt& receipt, int64_t small_difference,
                                  absl::Time now) {
  const std::optional<Uuid> id = PaymentOf(receipt);
  if (!id.has_value()) return absl::InternalError("A receipt is settled that is not allocated.");
  Payment payment;
  payment.id = *id;
  payment.receipt = receipt.id;
  payment.amount = receipt.amount;
  payment.value_date = receipt.value_date;
  payment.create_time = now;
  return Use(state, std::move(payment), receipt.invoice, small_difference);
}

absl::StatusOr<Settlement> SettleCharge(const AccountState& state, const Charge& charge, absl::Time now) {
  if (!charge.payment.has_value()) return absl::InternalError("A charge is settled that did not succeed.");
  Payment payment;
  payment.id = *charge.payment;
  payment.charge = charge.id;
  payment.amount = charge.amount;
  payment.value_date = DateOf(now);
  payment.create_time = now;
  return Use(state, std::move(payment), charge.invoice, /*small_difference=*/0);
}

Payment NeverUsed(const BankReceipt& receipt, const Uuid& account, const Uuid& payment, absl::Time now) {
  Payment failed;
  failed.id = payment;
  failed.account = account;
  failed.receipt = receipt.id;
  failed.state = PaymentState::kFailed;
  failed.amount = receipt.amount;
  failed.allocation.credit = receipt.amount.Minus(receipt.amount).value_or(Money());
  failed.value_date = receipt.value_date;
  failed.create_time = now;
  return failed;
}

absl::StatusOr<Settlement> ReversePayment(AccountState state, Payment payment, std::vector<CreditUse> uses,
                                          absl::Time now) {
  RETURN_IF_ERROR(CheckTransition(payment.state, PaymentState::kReversed));
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"PAYMENT_REVERSED", payment.id, DateOf(now), now});
  RETURN_IF_ERROR(book.Reverse(payment.amount, payment.allocation, std::move(uses)));
  RETURN_IF_ERROR(book.UseCredit());
  payment.state = PaymentState::kReversed;
  ++payment.version;
  Settlement reversal;
  ASSIGN_OR_RETURN(reversal.change, std::move(book).Close());
  reversal.payment = std::move(payment);
  return reversal;
}

absl::Status CheckNothingRefunded(const Settlement& reversal) {
  for (const LedgerEntry& entry : reversal.change.posting.entries) {
    if (entry.account != LedgerAccount::kRefundRecoverable) continue;
    return FailedPrecondition(
        "CREDIT_REFUNDED",
        absl::StrCat(entry.amount.ToString(),
                     " of this money was refunded as account credit, so it cannot be taken off the account. Recover "
                     "the refund first, as a bank receipt of the account."),
        {{"refunded", entry.amount.ToString()}});
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
