// A part of what is paid on an invoice.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAID_PART_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAID_PART_H_

#include <optional>

#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

struct PaidPart {
  std::optional<Date> value_date;  // Of a payment; none: account credit was used.
  Money amount;
  Money bank_charge;  // The small shortfall of the payment that was let go.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAID_PART_H_
