// Activations as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_MESSAGES_H_

#include "billing-service/src/domain/activation.h"
#include "billing-service/src/domain/order_outlook.h"
#include "countersign/billing/v1/activation_service.pb.h"

namespace countersign::billing {

v1::ActivateOrderResponse ToProto(const Activation& activation);

// To the answer to validate_only, which says already whether the account exists.
void AddOutlook(const OrderOutlook& outlook, const ConfirmedOrder& order, v1::ActivateOrderResponse& checked);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_MESSAGES_H_
