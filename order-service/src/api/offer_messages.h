// Offers as messages.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_MESSAGES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "countersign/order/v1/offer.pb.h"
#include "order-service/src/domain/offer.h"

namespace countersign::order {

std::string OfferNameOf(absl::string_view offer);

// The offer with its price in `currency` in force at `time`.
v1::Offer ToProto(const Offer& offer, absl::string_view currency, absl::Time time);

v1::OfferEvent EventOf(const Offer& offer);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_MESSAGES_H_
