// Prices as messages.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "countersign/order/v1/price.pb.h"
#include "countersign/order/v1/price_service.pb.h"
#include "order-service/src/domain/price.h"
#include "order-service/src/domain/price_resolution.h"

namespace countersign::order {

std::string PriceNameOf(absl::string_view offer, absl::string_view price);

v1::Price ToProto(absl::string_view offer, const Price& price);
v1::ResolvePriceResponse ToProto(absl::string_view offer, const PriceAnswer& answer);

v1::PriceEvent EventOf(absl::string_view offer, const Price& price);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_MESSAGES_H_
