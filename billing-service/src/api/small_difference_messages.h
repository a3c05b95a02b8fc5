// Small differences as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_MESSAGES_H_

#include "billing-service/src/domain/small_difference.h"
#include "countersign/billing/v1/small_difference.pb.h"

namespace countersign::billing {

v1::SmallDifference ToProto(const SmallDifference& version);

// The payload of SMALL_DIFFERENCE_CREATED.
v1::SmallDifferenceEvent EventOf(const SmallDifference& version);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_MESSAGES_H_
