#include "billing-service/src/domain/bank_receipt.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<BankReceiptState> kBankReceiptEdges[] = {
    {BankReceiptState::kUnallocated, BankReceiptState::kAllocated},
    {BankReceiptState::kUnallocated, BankReceiptState::kReversed},
    {BankReceiptState::kAllocated, BankReceiptState::kUnallocated},
    {BankReceiptState::kAllocated, BankReceiptState::kReversed},
};

constexpr int kMonthsBack = 24;

// Not allocated any more, in that state.
absl::StatusOr<BankReceipt> Released(BankReceipt receipt, BankReceiptState state) {
  RETURN_IF_ERROR(CheckTransition(receipt.state, state));
  receipt.state = state;
  receipt.account.reset();
  receipt.invoice.reset();
  receipt.allocation = 0;
  ++receipt.version;
  return receipt;
}

}  // namespace

absl::Status CheckTransition(BankReceiptState from, BankReceiptState to) {
  return CheckEdge(kBankReceiptStates, kBankReceiptEdges, "bank_receipt", from, to);
}

bool IsPlausibleBankDate(Date date, Date today) { return date >= AddMonths(today, -kMonthsBack) && date <= today + 1; }

BankReceipt NewBankReceipt(BankReceipt receipt) {
  receipt.version = 1;
  receipt.state = receipt.account.has_value() ? BankReceiptState::kAllocated : BankReceiptState::kUnallocated;
  receipt.allocation = receipt.account.has_value() ? receipt.version : 0;
  return receipt;
}

absl::StatusOr<BankReceipt> AllocateTo(BankReceipt receipt, const Uuid& account, const std::optional<Uuid>& invoice) {
  RETURN_IF_ERROR(CheckTransition(receipt.state, BankReceiptState::kAllocated));
  receipt.state = BankReceiptState::kAllocated;
  receipt.account = account;
  receipt.invoice = invoice;
  receipt.allocation = ++receipt.version;
  return receipt;
}

absl::StatusOr<BankReceipt> Unapply(BankReceipt receipt) {
  return Released(std::move(receipt), BankReceiptState::kUnallocated);
}

absl::StatusOr<BankReceipt> Reverse(BankReceipt receipt) {
  return Released(std::move(receipt), BankReceiptState::kReversed);
}

std::optional<Uuid> PaymentOf(const BankReceipt& receipt) {
  if (receipt.allocation == 0) return std::nullopt;
  if (receipt.allocation == 1) return Uuid::Derived({"payment", receipt.id.bytes()});
  return Uuid::Derived({"payment", receipt.id.bytes(), absl::StrCat(receipt.allocation)});
}

}  // namespace countersign::billing
