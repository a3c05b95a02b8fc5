// Which part of a payout is withheld for the tax office: by the payee's country and the kind of its tax form.
// Source of the rules: docs/domain.md, Statements and payouts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_WITHHOLDING_RATE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_WITHHOLDING_RATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// A version of the rate of one country and kind of form, in force from its day until the next version's.
struct WithholdingRate {
  Uuid id;
  std::string region;    // Of two letters.
  std::string tax_form;  // "W-8BEN-E"; empty: of a payee without a form.
  Date effective_date;
  int64_t basis_points = 0;
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

// The id of the version of that day.
Uuid WithholdingRateId(absl::string_view region, absl::string_view tax_form, Date effective_date);

// OK for a version that may be added to `versions`, the published ones. Errors: ALREADY_EXISTS
// WITHHOLDING_RATE_EXISTS; FAILED_PRECONDITION WITHHOLDING_RATE_IN_THE_PAST when country and form have versions and the
// new one is not in force tomorrow at the earliest.
absl::Status CheckNewVersion(const WithholdingRate& added, const std::vector<WithholdingRate>& versions, Date today);

// The version for a payee of `region` with `tax_form` on file (empty: none): that of the form; where the country has
// none for it, that without a form. Valid as long as `versions`; nullptr: the country has neither on `date`.
const WithholdingRate* RateFor(const std::vector<WithholdingRate>& versions, absl::string_view region,
                               absl::string_view tax_form, Date date);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_WITHHOLDING_RATE_H_
