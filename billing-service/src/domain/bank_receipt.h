// Bank receipts: money that arrived at the vendor's bank, whose payer may be unknown.
// Source of the rules: docs/domain.md, Payments.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BANK_RECEIPT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BANK_RECEIPT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class BankReceiptState { kUnallocated, kAllocated, kReversed };

inline constexpr Named<BankReceiptState> kBankReceiptStates[] = {
    {BankReceiptState::kUnallocated, "UNALLOCATED"},
    {BankReceiptState::kAllocated, "ALLOCATED"},
    {BankReceiptState::kReversed, "REVERSED"},
};
inline absl::string_view NameOf(BankReceiptState state) { return NameIn(kBankReceiptStates, state); }

// OK for an edge of the state machine, else FAILED_PRECONDITION BANK_RECEIPT_STATE.
absl::Status CheckTransition(BankReceiptState from, BankReceiptState to);

// The same money has the same identity.
struct BankReceiptIdentity {
  std::string receiving_bank_account;  // The vendor's own; may be empty.
  Date booking_date;
  std::string external_reference;  // The bank's own.
  int64_t line = 0;                // Of that reference.

  friend bool operator==(const BankReceiptIdentity&, const BankReceiptIdentity&) = default;
};

struct BankReceipt {
  Uuid id;
  BankReceiptIdentity identity;
  Money amount;  // > 0.
  Date value_date;
  BankReceiptState state = BankReceiptState::kUnallocated;
  std::optional<Uuid> account;  // While it is allocated.
  std::optional<Uuid> invoice;  // That the payer named.
  int64_t allocation = 0;       // The version at which it was allocated; 0: it is not.
  absl::Time create_time;
  int64_t version = 1;
};

// From two years ago until tomorrow: anything else is a typing error.
bool IsPlausibleBankDate(Date date, Date today);

// A new one; with an account it is allocated. Takes state, allocation and version of what follows from it.
BankReceipt NewBankReceipt(BankReceipt receipt);

// The next version. Errors: FAILED_PRECONDITION BANK_RECEIPT_STATE.
absl::StatusOr<BankReceipt> AllocateTo(BankReceipt receipt, const Uuid& account, const std::optional<Uuid>& invoice);
absl::StatusOr<BankReceipt> Unapply(BankReceipt receipt);
absl::StatusOr<BankReceipt> Reverse(BankReceipt receipt);

// The one payment that an allocation of the receipt makes; nullopt when it is not allocated.
std::optional<Uuid> PaymentOf(const BankReceipt& receipt);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BANK_RECEIPT_H_
