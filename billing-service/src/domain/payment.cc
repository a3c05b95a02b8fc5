#include "billing-service/src/domain/payment.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "common/base/error.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<PaymentState> kPaymentEdges[] = {
    {PaymentState::kPending, PaymentState::kSucceeded}, {PaymentState::kPending, PaymentState::kFailed},
    {PaymentState::kPending, PaymentState::kUnknown},   {PaymentState::kUnknown, PaymentState::kSucceeded},
    {PaymentState::kUnknown, PaymentState::kFailed},    {PaymentState::kSucceeded, PaymentState::kReversed},
};

}  // namespace

absl::Status CheckTransition(PaymentState from, PaymentState to) {
  return CheckEdge(kPaymentStates, kPaymentEdges, "payment", from, to);
}

absl::StatusOr<Allocation> Allocate(const Money& amount, const std::optional<Uuid>& instructed,
                                    std::vector<Receivable> receivables) {
  if (amount.micros() < 1) return InvalidField("amount", "must be positive");
  std::sort(receivables.begin(), receivables.end(), [&instructed](const Receivable& a, const Receivable& b) {
    return std::make_tuple(a.invoice != instructed, a.issue_date, a.sequence) <
           std::make_tuple(b.invoice != instructed, b.issue_date, b.sequence);
  });
  Allocation allocation;
  allocation.credit = amount;
  size_t rows = 0;
  for (const Receivable& receivable : receivables) {
    rows += receivable.rows;
    if (allocation.credit.is_zero() || (!allocation.parts.empty() && rows > kMaxRowsOfAct)) break;
    ASSIGN_OR_RETURN(const Money missing, receivable.due.Minus(allocation.credit));
    const bool settles = missing.micros() <= 0;
    const Money part = settles ? receivable.due : allocation.credit;
    ASSIGN_OR_RETURN(allocation.credit, allocation.credit.Minus(part));
    allocation.parts.push_back({receivable.invoice, part, settles});
  }
  return allocation;
}

absl::Status BearSmallDifference(Allocation& allocation, const std::vector<Receivable>& receivables, int64_t limit) {
  if (allocation.parts.empty() || allocation.parts.back().settles) return absl::OkStatus();
  AllocatedPart& last = allocation.parts.back();
  for (const Receivable& receivable : receivables) {
    if (receivable.invoice != last.invoice) continue;
    ASSIGN_OR_RETURN(const Money missing, receivable.due.Minus(last.amount));
    if (missing.micros() > limit || missing.micros() >= last.amount.micros()) return absl::OkStatus();
    last.bank_charge = missing.micros();
    last.settles = true;
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
