// Payouts: a statement's total on its way to the partner.
// Source of the rules: docs/domain.md, Statements and payouts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYOUT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/self_billing.h"
#include "billing-service/src/domain/statement.h"
#include "billing-service/src/domain/withholding_rate.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class PayoutState { kPending, kApproved, kSent, kPaid, kReturned };

inline constexpr Named<PayoutState> kPayoutStates[] = {
    {PayoutState::kPending, "PENDING"}, {PayoutState::kApproved, "APPROVED"}, {PayoutState::kSent, "SENT"},
    {PayoutState::kPaid, "PAID"},       {PayoutState::kReturned, "RETURNED"},
};
inline absl::string_view NameOf(PayoutState state) { return NameIn(kPayoutStates, state); }

// The minimum and the default withholding of a currency's payouts, from a day on.
struct PayoutTerms {
  std::string currency;
  Date effective_date;
  Money minimum;                         // The least total that is paid.
  int64_t withholding_basis_points = 0;  // Of a payee without a tax form.
  absl::Time create_time;
};

Uuid PayoutTermsId(const PayoutTerms& terms);

// The receiver of the partner's money, as partner-service knows it.
struct Payee {
  std::string currency;          // Empty: there is no profile yet.
  std::string masked_reference;  // "••••3000"; empty: no account.
  std::string region;            // Its country; empty: not known.
  std::string tax_form;          // "W-8BEN-E"; empty: none.
  std::optional<Date> tax_form_date;
};

// True when the partner can be paid in `currency`.
bool CanReceive(const Payee& payee, absl::string_view currency);

struct Payout {
  Uuid partner;
  Uuid id;
  Uuid statement;
  std::string currency;
  int64_t first_number = 0;  // Of the statements that it pays, the oldest and the newest.
  int64_t last_number = 0;
  Money total;     // Of the statement.
  Money withheld;  // Of it; the rest is sent.
  int64_t withholding_basis_points = 0;
  std::string payee;                          // The account as it may be shown.
  std::string region = {};                    // Of the payee, when the payout was made; empty: not known.
  std::string tax_form;                       // On file then; empty: none.
  std::optional<Uuid> withholding_rate = {};  // That was applied; none: the payout terms'.
  absl::Time create_time;
  PayoutState state = PayoutState::kPending;
  int64_t attempt = 0;         // How often it was sent.
  std::string bank_reference;  // Of the last answer; may be empty.
  std::string reason;          // Of the last transition; may be empty.
  absl::Time update_time;
  int64_t version = 1;
  Money tax = {};            // The partner's, by self-billing; paid on top of the total.
  int64_t tax_rate_ppm = 0;  // 0: none.
  std::string tax_region = {};
  std::string tax_id = {};                // The partner's there.
  std::optional<Uuid> self_billing = {};  // The agreement; none: nothing is agreed.
  std::optional<Uuid> file = {};          // Over all partners, in which it was sent last.
};

// total + tax − withheld.
Money SentAmount(const Payout& payout);

// The one payout of a statement.
Uuid PayoutId(const Uuid& partner, const Uuid& statement);

// The PENDING payout of a CLOSED statement whose total is PAYABLE, or was HELD until there was a payee. Withheld is
// total × rate, rounded once. The rate is that of the payee's country and form among `rates` (RateFor); of a country
// without one that of `terms`, or none with a form. A form counts from its date on. Errors: FAILED_PRECONDITION
// STATEMENT_STATE, PAYEE_MISSING.
absl::StatusOr<Payout> NewPayout(const Statement& statement, const Payee& payee, const PayoutTerms& terms,
                                 const std::vector<WithholdingRate>& rates, absl::Time now);

// The payout with the partner's tax on its total, as an invoice of the day on which it was made. Error: OUT_OF_RANGE.
absl::StatusOr<Payout> WithSelfBilledTax(Payout payout, const SelfBilling& by, const Statement& statement);

// The payout in its next state. Error: FAILED_PRECONDITION PAYOUT_STATE for an edge that there is not.
absl::StatusOr<Payout> MovePayout(Payout payout, PayoutState to, absl::string_view reason,
                                  absl::string_view bank_reference, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYOUT_H_
