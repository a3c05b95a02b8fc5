#include "billing-service/src/domain/settlement.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::StatusOr<Allocation> AllocateTo(const std::vector<Invoice>& invoices, const BankReceipt& receipt,
                                      int64_t small_difference) {
  std::vector<Receivable> receivables;
  receivables.reserve(invoices.size());
  for (const Invoice& invoice : invoices) {
    receivables.push_back({invoice.id, invoice.issue_date, invoice.sequence, AmountDue(invoice)});
  }
  ASSIGN_OR_RETURN(Allocation allocation, Allocate(receipt.amount, receipt.invoice, receivables));
  RETURN_IF_ERROR(BearSmallDifference(allocation, receivables, small_difference));
  return allocation;
}

}  // namespace

absl::StatusOr<Settlement> Settle(const AccountState& state, const BankReceipt& receipt, int64_t small_difference,
                                  absl::Time now) {
  const BillingAccount& account = state.account;
  RETURN_IF_ERROR(CheckCurrency(account, receipt.amount.currency()));
  Settlement settlement;
  Payment& payment = settlement.payment;
  const std::optional<Uuid> id = PaymentOf(receipt);
  if (!id.has_value()) return absl::InternalError("A receipt is settled that is not allocated.");
  payment.id = *id;
  payment.account = account.id;
  payment.receipt = receipt.id;
  payment.amount = receipt.amount;
  payment.value_date = receipt.value_date;
  payment.create_time = now;
  ASSIGN_OR_RETURN(payment.allocation, AllocateTo(state.invoices, receipt, small_difference));
  AccountBook book(account, state.invoices, state.fees, {"PAYMENT_SUCCEEDED", payment.id, payment.value_date, now});
  RETURN_IF_ERROR(book.Receive(payment.amount, payment.allocation));
  ASSIGN_OR_RETURN(settlement.change, std::move(book).Close());
  return settlement;
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

}  // namespace countersign::billing
