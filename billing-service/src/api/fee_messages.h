// Fees as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_MESSAGES_H_

#include "billing-service/src/domain/fee.h"
#include "countersign/billing/v1/fee.pb.h"

namespace countersign::billing {

v1::Fee ToProto(const FeeEntry& fee);

// The payload of FEE_EARNED and FEE_ACCRUED.
v1::FeeEvent EventOf(const FeeEntry& fee);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_MESSAGES_H_
