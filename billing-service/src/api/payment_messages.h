// Payments as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_MESSAGES_H_

#include "billing-service/src/domain/payment.h"
#include "countersign/billing/v1/payment.pb.h"

namespace countersign::billing {

v1::Payment ToProto(const Payment& payment);

// The payload of the event that made this version.
v1::PaymentEvent EventOf(const Payment& payment);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_MESSAGES_H_
