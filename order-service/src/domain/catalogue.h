// What the vendor sells, at which prices: offers, and versions of their prices, which never change.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/money.h"
#include "order-service/src/domain/quantity.h"

namespace countersign::order {

// The price from `minimum_quantity` seats on.
struct PriceTier {
  int64_t minimum_quantity = 1;
  Money unit_price;  // For one seat and one month.
};

// A version of an offer's price in one currency, in force from `effective_time` until a later version is.
struct Price {
  std::string id;  // Unique within the offer: "usd-2009-11".
  std::string currency;
  absl::Time effective_time;
  std::vector<PriceTier> tiers;  // Ascending by minimum_quantity.

  // Volume pricing: all seats take the price of the highest tier that they reach; fewer than the first tier's minimum
  // take the first. Requires at least one tier.
  const Money& UnitPrice(Quantity quantity) const;
};

struct Offer {
  std::string id;  // A lower-case slug: "bpos-standard-suite".
  std::string title;
  std::string description;
  int64_t minimum_quantity = 1;
  bool retired = false;  // No longer for sale.
  std::vector<Price> prices;

  // The price in `currency` in force at `time`; null when there is none. Lives as long as the offer.
  const Price* PriceInForce(absl::string_view currency, absl::Time time) const;
};

// Immutable.
class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(std::vector<Offer> offers);

  const std::vector<Offer>& offers() const { return offers_; }  // Ascending by id.

  // Null when there is none. Lives as long as the catalogue.
  const Offer* Find(absl::string_view id) const;

 private:
  std::vector<Offer> offers_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_H_
