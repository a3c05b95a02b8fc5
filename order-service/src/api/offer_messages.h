// Offers and prices as messages.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "countersign/order/v1/catalogue_service.pb.h"
#include "countersign/order/v1/offer.pb.h"
#include "order-service/src/domain/offer.h"
#include "order-service/src/domain/price_resolution.h"

namespace countersign::order {

std::string OfferNameOf(absl::string_view offer);
std::string PriceNameOf(absl::string_view offer, absl::string_view price);

// The offer with its price in `currency` in force at `time`.
v1::Offer ToProto(const Offer& offer, absl::string_view currency, absl::Time time);
v1::Price ToProto(absl::string_view offer, const Price& price);
v1::ResolvePriceResponse ToProto(absl::string_view offer, const PriceAnswer& answer);

v1::OfferEvent EventOf(const Offer& offer);
v1::PriceEvent EventOf(absl::string_view offer, const Price& price);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_MESSAGES_H_
