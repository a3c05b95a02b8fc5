// Refunds as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_MESSAGES_H_

#include "billing-service/src/domain/refund.h"
#include "countersign/billing/v1/refund.pb.h"

namespace countersign::billing {

v1::Refund ToProto(const Refund& refund);

// The payload of REFUND_CREATED.
v1::RefundEvent EventOf(const Refund& refund);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_MESSAGES_H_
