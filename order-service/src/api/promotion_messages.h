// Promotions as messages.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "countersign/order/v1/promotion.pb.h"
#include "order-service/src/domain/promotion.h"

namespace countersign::order {

std::string PromotionNameOf(absl::string_view offer, absl::string_view promotion);

v1::Promotion ToProto(absl::string_view offer, const Promotion& promotion);

v1::PromotionEvent EventOf(absl::string_view offer, const Promotion& promotion);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_MESSAGES_H_
