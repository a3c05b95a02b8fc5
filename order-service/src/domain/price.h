// Versions of an offer's price. A version never changes; a later one supersedes it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "order-service/src/domain/quantity.h"

namespace countersign::order {

inline constexpr size_t kMaxTiers = 20;

// The price from `minimum_quantity` seats on.
struct PriceTier {
  int64_t minimum_quantity = 1;
  Money unit_price = {};  // For one seat and one month.

  friend bool operator==(const PriceTier&, const PriceTier&) = default;
};

// A version of an offer's price in one currency, in force from `effective_time` until a later version is.
struct Price {
  std::string id = {};  // Unique within the offer: "usd-2009-11".
  std::string currency = {};
  absl::Time effective_time = {};
  std::vector<PriceTier> tiers = {};  // Ascending by minimum_quantity.
  absl::Time publish_time = absl::UnixEpoch();
  std::string note = {};  // For operators; may be empty.

  // Volume pricing: all seats take the price of the highest tier that they reach; fewer than the first tier's minimum
  // take the first. Requires at least one tier.
  const PriceTier& TierOf(Quantity quantity) const;
  const Money& UnitPrice(Quantity quantity) const { return TierOf(quantity).unit_price; }

  // Of two versions in one currency, the one that is in force later. Of two with the same effective_time it is the one
  // published last: so a version that is not in force yet can be corrected.
  bool Supersedes(const Price& other) const;

  friend bool operator==(const Price&, const Price&) = default;
};

// Records what is wrong with a version that is to be published at `now`, under `field` ("price"): an effective_time in
// the past; no tiers, or more than kMaxTiers; tiers that do not ascend.
void CheckNewPrice(const Price& price, absl::Time now, absl::string_view field, FieldViolations& violations);

// The version of `prices` in `currency` that is in force at `time`; null when there is none.
const Price* FindInForce(const std::vector<Price>& prices, absl::string_view currency, absl::Time time);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICE_H_
