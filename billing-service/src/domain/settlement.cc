#include "billing-service/src/domain/settlement.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "billing-service/src/domain/fee_accrual.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::StatusOr<Allocation> AllocateTo(const std::vector<Invoice>& invoices, const BankReceipt& receipt) {
  std::vector<Receivable> receivables;
  receivables.reserve(invoices.size());
  for (const Invoice& invoice : invoices) {
    receivables.push_back({invoice.id, invoice.issue_date, invoice.sequence, AmountDue(invoice)});
  }
  return Allocate(receipt.amount, receipt.invoice, std::move(receivables));
}

// The invoice after it took its part.
absl::StatusOr<Invoice> Pay(Invoice invoice, const AllocatedPart& part, absl::Time now) {
  ASSIGN_OR_RETURN(invoice.paid, invoice.paid.Plus(part.amount));
  ++invoice.version;
  if (!part.settles) return invoice;
  RETURN_IF_ERROR(CheckTransition(invoice.state, InvoiceState::kPaid));
  invoice.state = InvoiceState::kPaid;
  invoice.paid_time = now;
  return invoice;
}

absl::StatusOr<std::vector<FeeEntry>> Earn(const Invoice& invoice, const std::vector<FeeEntry>& fees,
                                           const Payment& payment) {
  std::vector<FeeEntry> history;
  std::copy_if(fees.begin(), fees.end(), std::back_inserter(history),
               [&](const FeeEntry& fee) { return fee.invoice == invoice.id; });
  return AccrueFees(history, {}, {FeeCause::kInvoicePaid, payment.id, payment.create_time});
}

}  // namespace

absl::StatusOr<Settlement> Settle(const BillingAccount& account, const BankReceipt& receipt,
                                  const std::vector<Invoice>& receivables, const std::vector<FeeEntry>& history,
                                  absl::Time now) {
  RETURN_IF_ERROR(CheckCurrency(account, receipt.amount.currency()));
  Settlement settlement;
  Payment& payment = settlement.payment;
  payment.id = PaymentId(receipt.id);
  payment.account = account.id;
  payment.receipt = receipt.id;
  payment.amount = receipt.amount;
  payment.value_date = receipt.value_date;
  payment.create_time = now;
  ASSIGN_OR_RETURN(payment.allocation, AllocateTo(receivables, receipt));

  ASSIGN_OR_RETURN(Money fees, Money::Zero(account.currency));
  for (const AllocatedPart& part : payment.allocation.parts) {
    const auto invoice = std::find_if(receivables.begin(), receivables.end(),
                                      [&](const Invoice& candidate) { return candidate.id == part.invoice; });
    ASSIGN_OR_RETURN(Invoice paid, Pay(*invoice, part, now));
    if (part.settles) {
      ASSIGN_OR_RETURN(const std::vector<FeeEntry> earned, Earn(paid, history, payment));
      for (const FeeEntry& fee : earned) {
        ASSIGN_OR_RETURN(fees, fees.Plus(fee.amount));
        settlement.earned.push_back(fee);
      }
    }
    settlement.invoices.push_back(std::move(paid));
  }

  settlement.account = account;
  ASSIGN_OR_RETURN(settlement.account.credit, account.credit.Plus(payment.allocation.credit));
  ++settlement.account.version;
  settlement.account.update_time = now;
  ASSIGN_OR_RETURN(settlement.posting,
                   PostPayment(account.id, payment.id, payment.amount, payment.allocation, fees, payment.value_date));
  return settlement;
}

}  // namespace countersign::billing
