// Charges: attempts to take an invoice's money by the account's payment method, each on record before the processor is
// asked. Source of the rules: docs/domain.md, Charges.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CHARGE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CHARGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/account_book.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/dunning_ladder.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class ChargeState { kRequested, kSucceeded, kDeclined, kUnknown, kCancelled, kChargedBack };

inline constexpr Named<ChargeState> kChargeStates[] = {
    {ChargeState::kRequested, "REQUESTED"}, {ChargeState::kSucceeded, "SUCCEEDED"},
    {ChargeState::kDeclined, "DECLINED"},   {ChargeState::kUnknown, "UNKNOWN"},
    {ChargeState::kCancelled, "CANCELLED"}, {ChargeState::kChargedBack, "CHARGED_BACK"},
};
inline absl::string_view NameOf(ChargeState state) { return NameIn(kChargeStates, state); }

// OK for an edge of the state machine, else FAILED_PRECONDITION CHARGE_STATE.
absl::Status CheckTransition(ChargeState from, ChargeState to);

// Of an attempt after which the same token is not tried again for the invoice.
inline constexpr Date kNoNextAttempt = Date(9999, 12, 31);

struct Charge {
  Uuid id;  // The idempotency key at the processor.
  Uuid account;
  Uuid invoice;
  int64_t attempt = 1;  // For this invoice.
  Money amount;         // > 0: what was due.
  std::string token;    // The account's at the attempt.
  ChargeState state = ChargeState::kRequested;
  std::string decline_reason = {};
  std::string processor_reference = {};
  std::optional<Uuid> payment = {};  // SUCCEEDED, CHARGED_BACK.
  Date next_date = kNoNextAttempt;   // No other attempt for the invoice with this token before it.
  absl::Time create_time = {};
  absl::Time update_time = {};
  int64_t version = 1;
};

// Nobody knows yet how it ended: it blocks every other attempt for its invoice.
bool IsOpen(const Charge& charge);

// Whether the worker is to charge the invoice today: it is OPEN and due, the account's token can be charged, no attempt
// is open, and none with the same token asks to wait longer. `attempts` are all of the invoice.
bool IsToBeCharged(const BillingAccount& account, const Invoice& invoice, const std::vector<Charge>& attempts,
                   Date today);

// The next attempt for the invoice, due or not. Errors: FAILED_PRECONDITION INVOICE_NOT_CHARGEABLE,
// PAYMENT_METHOD_NOT_CHARGEABLE, CHARGE_NOT_SETTLED.
absl::StatusOr<Charge> RequestCharge(const BillingAccount& account, const Invoice& invoice,
                                     const std::vector<Charge>& attempts, absl::Time now);

// A new attempt, to be put on record together with the account's next version: whatever else happens to the account's
// money at the same moment makes this lose, and be decided again.
struct ChargeRequest {
  Charge charge;
  AccountChange change;
};

// RequestCharge for one of the state's invoices. Errors: those, and INTERNAL when it is none of them.
absl::StatusOr<ChargeRequest> BeginCharge(AccountState state, const Uuid& invoice, const std::vector<Charge>& attempts,
                                          absl::Time now);

// Whether the charge, of which the processor knows nothing, is to be made after all: the account still has the same
// token, and the same is due of the invoice. `invoice`: null when it can no longer take money.
bool IsStillWanted(const Charge& charge, const BillingAccount& account, const Invoice* invoice);

// The processor's answer.
struct ChargeAnswer {
  ChargeState state = ChargeState::kUnknown;  // Any but REQUESTED.
  std::string processor_reference = {};
  std::string decline_reason = {};
};

// The next version of the charge by that answer. After a decline `ladder`, which is that of the invoice, says when the
// same token is tried again: on the first of its days after today; null: never. Error: FAILED_PRECONDITION
// CHARGE_STATE.
absl::StatusOr<Charge> Answered(Charge charge, const ChargeAnswer& answer, Date due_date, const DunningLadder* ladder,
                                absl::Time now);

// The customer's bank took the money back, or the vendor won the dispute and has it again, as another payment. Error:
// FAILED_PRECONDITION CHARGE_STATE.
absl::StatusOr<Charge> ChargeBack(Charge charge, absl::Time now);
absl::StatusOr<Charge> WinBack(Charge charge, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CHARGE_H_
