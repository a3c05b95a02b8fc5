// Withholding rates as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_MESSAGES_H_

#include "billing-service/src/domain/withholding_rate.h"
#include "countersign/billing/v1/withholding_rate.pb.h"

namespace countersign::billing {

v1::WithholdingRate ToProto(const WithholdingRate& version);

// The payload of WITHHOLDING_RATE_CREATED.
v1::WithholdingRateEvent EventOf(const WithholdingRate& version);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_MESSAGES_H_
