// Orders as messages.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_MESSAGES_H_

#include <string>

#include "countersign/order/v1/order.pb.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

v1::Order ToProto(const Order& order);
v1::OrderRevision ToProto(const OrderRevision& revision);

// The payload of the event that made `after` of `before`.
v1::OrderEvent EventOf(const Order& before, const Order& after);

std::string OrderNameOf(const OrderName& name);
std::string CustomerNameOf(const Order& order);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_MESSAGES_H_
