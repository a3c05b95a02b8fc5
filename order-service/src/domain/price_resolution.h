// Which price holds, and why: the answer of ResolvePrice.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICE_RESOLUTION_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICE_RESOLUTION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "order-service/src/domain/offer.h"
#include "order-service/src/domain/price.h"
#include "order-service/src/domain/quantity.h"

namespace countersign::order {

struct PriceQuestion {
  std::string currency;
  std::string region;             // Empty: not asked for.
  Quantity quantity;              // Of the subscription, after any change.
  std::optional<Date> date = {};  // None: now.
  bool renewal = false;           // Of a running subscription, which keeps an offer that is retired or sold elsewhere.
};

// The pointers live as long as the offer.
struct PriceAnswer {
  const Price* price = nullptr;
  const PriceTier* tier = nullptr;
  const Price* next = nullptr;           // The version that takes its place later; null: none is published.
  std::vector<std::string> explanation;  // Sentences, in the order of the decisions.
};

// Errors: FAILED_PRECONDITION PRICE_NOT_FOUND_IN_CURRENCY; unless it is a renewal, also OFFER_RETIRED,
// OFFER_NOT_IN_REGION, QUANTITY_NOT_ALLOWED.
absl::StatusOr<PriceAnswer> ResolvePrice(const Offer& offer, const PriceQuestion& question, absl::Time now);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICE_RESOLUTION_H_
