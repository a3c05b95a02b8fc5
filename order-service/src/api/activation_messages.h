// Makes the requests to billing-service about an order.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_MESSAGES_H_

#include "countersign/billing/v1/activation_service.pb.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// Could this order be activated? The same question as ActivationOf, before anybody has confirmed.
billing::v1::ActivateOrderRequest ActivationCheckOf(const Order& order);

// The same, and what would it bring? Of a draft that nobody stores: its id names the request.
billing::v1::ActivateOrderRequest OutlookRequestOf(const Order& draft);

// Activate this confirmed order.
billing::v1::ActivateOrderRequest ActivationOf(const Order& order, const Acceptance& acceptance);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_MESSAGES_H_
