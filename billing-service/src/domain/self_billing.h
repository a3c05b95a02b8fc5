// Self-billing: the vendor issues the partner's invoice for its fees, and pays the partner's tax with them.
// Source of the rules: docs/domain.md, Statements and payouts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SELF_BILLING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SELF_BILLING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/tax.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// A version of what is agreed with a partner, in force from its day until the next version's.
struct SelfBillingAgreement {
  Uuid partner;
  Uuid id;
  Date effective_date;
  bool ended = false;  // From that day on nothing is agreed.
  std::string region;  // Of two letters: whose tax the partner owes; empty when ended.
  std::string tax_id;  // The partner's there; empty when ended.
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

// The id of the partner's version of that day.
Uuid SelfBillingAgreementId(const Uuid& partner, Date effective_date);

// OK for a version that may be added to `versions`, the partner's so far. Errors: ALREADY_EXISTS
// SELF_BILLING_AGREEMENT_EXISTS; FAILED_PRECONDITION SELF_BILLING_AGREEMENT_IN_THE_PAST (it begins tomorrow at the
// earliest, for payouts of today may be made already).
absl::Status CheckNewVersion(const SelfBillingAgreement& added, const std::vector<SelfBillingAgreement>& versions,
                             Date today);

// The version in force on `date`, unless it is ended; nullptr: nothing is agreed. Valid as long as `versions`.
const SelfBillingAgreement* AgreementOn(const std::vector<SelfBillingAgreement>& versions, Date date);

// The agreement and the tax rates that a partner's tax is computed from.
struct SelfBilling {
  SelfBillingAgreement agreement;
  std::vector<TaxRate> rates;  // Of its region.
};

// The tax on the net fees of a quarter whose last day is `last_day`, invoiced on `date`, by the region's rate, rounding
// and tax date. Without a rate on that day there is none. Error: OUT_OF_RANGE.
absl::StatusOr<LineTax> SelfBilledTax(const SelfBilling& by, const Money& net, Date date, Date last_day);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SELF_BILLING_H_
