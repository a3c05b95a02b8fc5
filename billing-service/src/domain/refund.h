// Refunds: account credit that is paid back. A refund only moves money; what is owed is changed by credit notes alone.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_REFUND_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_REFUND_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

struct Refund {
  Uuid id;
  Uuid account;
  Money amount;                // > 0.
  std::string bank_reference;  // Of the transfer that pays it.
  std::string reason;
  Date date;
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_REFUND_H_
