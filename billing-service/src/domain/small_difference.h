// Small differences: up to which one a payment that falls short still pays its invoice, the rest being bank charges.
// Source of the rules: docs/domain.md, Payments.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SMALL_DIFFERENCE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SMALL_DIFFERENCE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// A version of a currency's limit, in force from its day until the next version's.
struct SmallDifference {
  Uuid id;
  Date effective_date;
  Money limit;  // >= 0, in the currency that it is for.
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

// The id of the currency's version of that day.
Uuid SmallDifferenceId(absl::string_view currency, Date effective_date);

// OK for a version that may be added to `versions`, those of its currency so far. Errors: ALREADY_EXISTS
// SMALL_DIFFERENCE_EXISTS; FAILED_PRECONDITION SMALL_DIFFERENCE_IN_THE_PAST when the currency has versions and the new
// one is not in force tomorrow at the earliest.
absl::Status CheckNewVersion(const SmallDifference& added, const std::vector<SmallDifference>& versions, Date today);

// The limit on `date` in micros; 0 where no version of the currency is in force.
int64_t LimitOn(const std::vector<SmallDifference>& versions, absl::string_view currency, Date date);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SMALL_DIFFERENCE_H_
