// Credit notes: the only thing that changes what is owed.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CREDIT_NOTE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CREDIT_NOTE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/base/money.h"

namespace countersign::billing {

struct NetAndTax {
  Money net;
  Money tax;
};

// Splits a credit of `gross_now` into net and tax after `gross_before` of the same line was credited: net so far =
// round(gross so far ÷ (1 + tax rate)), the part is the difference, so the parts of a line add up.
// Errors: INVALID_ARGUMENT (amounts or rate below zero, currencies differ), OUT_OF_RANGE.
absl::StatusOr<NetAndTax> SplitGross(const Money& gross_before, const Money& gross_now, int64_t tax_basis_points);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CREDIT_NOTE_H_
