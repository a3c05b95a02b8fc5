// The link of a submitted order, as link-service is asked for it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_LINK_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_LINK_H_

#include <string>

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "countersign/link/v1/link_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/partner/v1/seller_service.pb.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// The content of a submitted order's link: everything but the link's own name and the request_id. Made from the reply
// and not from the row, so that a replay, which has the reply only, asks for the same bytes again.
link::v1::IssueLinkRequest LinkRequestOf(const v1::Order& order, const partner::v1::CheckSellerResponse& seller);

// The id of the next link of the order. Every try makes a link of its own: one that died between IssueLink and its
// commit may be repeated much later, when link-service no longer tells the first link's address, or with other content.
// The first is then a link that no order names, which confirms nothing. When the same try runs again (it lost a race),
// `now` and so the link are the same.
Uuid LinkIdOf(const Order& order, const link::v1::IssueLinkRequest& content, absl::Time now);

// Names the link, and the request_id that follows from it: a replay, which knows the link only, asks the same question.
void Identify(link::v1::IssueLinkRequest& request, const std::string& link);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_LINK_H_
