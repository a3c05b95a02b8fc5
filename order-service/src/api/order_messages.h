// Domain → protocol buffers: what this service says in its replies and events, and asks of its peers.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "countersign/billing/v1/billing_service.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

v1::Order ToProto(const Order& order);

// The offer with its price in `currency` in force at `time`.
v1::Offer ToProto(const Offer& offer, absl::string_view currency, absl::Time time);

// The payload of the event that made `after` of `before`.
v1::OrderEvent EventOf(const Order& before, const Order& after);

std::string OfferNameOf(absl::string_view offer);
std::string NameOf(const OrderName& name);
std::string CustomerNameOf(const Order& order);

// What the link shows of a submitted order: everything but the link's own name and the request_id. Made from the reply
// and not from the row, so that a replay, which has the reply only, asks for the same bytes again.
link::v1::IssueLinkRequest LinkRequestOf(const v1::Order& order, const partner::v1::CheckSellerResponse& seller);

// Could this order be activated? The same question as ActivationOf, before anybody has confirmed.
billing::v1::ActivateOrderRequest ActivationCheckOf(const Order& order);

// Activate this confirmed order.
billing::v1::ActivateOrderRequest ActivationOf(const ConfirmedOrder& confirmed);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_MESSAGES_H_
