// Offers and prices as messages.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "countersign/order/v1/offer.pb.h"
#include "order-service/src/domain/catalogue.h"

namespace countersign::order {

std::string OfferNameOf(absl::string_view offer);
std::string PriceNameOf(absl::string_view offer, absl::string_view price);

// The offer with its price in `currency` in force at `time`.
v1::Offer ToProto(const Offer& offer, absl::string_view currency, absl::Time time);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_MESSAGES_H_
