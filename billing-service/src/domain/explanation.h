// Why an amount is what it is: facts and arithmetic, from what was stored at the time.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EXPLANATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EXPLANATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/fee_schedule.h"
#include "billing-service/src/domain/payout.h"
#include "billing-service/src/domain/self_billing.h"
#include "billing-service/src/domain/statement.h"
#include "billing-service/src/domain/withholding_rate.h"

namespace countersign::billing {

struct Explanation {
  std::string what;                // "rate"
  std::string value;               // "12 %"
  std::string why;                 // May be empty.
  std::vector<Explanation> parts;  // What it is made of.
};

// A partner's fee: basis, rate and why that rate, days, rounding, which partner and why, what holds it. `schedule` is
// the one for the fee's line. Errors: OUT_OF_RANGE; DATA_LOSS where the rate is none of the schedule's.
absl::StatusOr<Explanation> ExplainFee(const FeeEntry& fee, const FeeSchedule& schedule);

// A statement's total and what becomes of it.
Explanation ExplainStatement(const Statement& statement);

// The rules by which a payout was made.
struct PayoutFacts {
  std::optional<WithholdingRate> withholding_rate = {};  // Unset: none applied.
  std::optional<SelfBilling> self_billing = {};          // Unset: none applied.
};

// Appends how much of the statement's total is withheld, the partner's tax on it, and how much is sent. Errors:
// OUT_OF_RANGE; DATA_LOSS if the amounts do not follow from the facts to the cent.
absl::Status AppendPayout(const Statement& statement, const Payout& payout, const PayoutFacts& facts,
                          std::vector<Explanation>& parts);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EXPLANATION_H_
