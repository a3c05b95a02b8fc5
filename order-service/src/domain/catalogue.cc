#include "order-service/src/domain/catalogue.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::order {

const Money& Price::UnitPrice(Quantity quantity) const {
  const PriceTier* reached = &tiers.front();
  for (const PriceTier& tier : tiers) {
    if (tier.minimum_quantity <= quantity.seats()) reached = &tier;
  }
  return reached->unit_price;
}

const Price* Offer::PriceInForce(absl::string_view currency, absl::Time time) const {
  const Price* in_force = nullptr;
  for (const Price& price : prices) {
    if (price.currency != currency || price.effective_time > time) continue;
    if (in_force == nullptr || price.effective_time > in_force->effective_time) in_force = &price;
  }
  return in_force;
}

Catalogue::Catalogue(std::vector<Offer> offers) : offers_(std::move(offers)) {
  std::sort(offers_.begin(), offers_.end(), [](const Offer& a, const Offer& b) { return a.id < b.id; });
}

const Offer* Catalogue::Find(absl::string_view id) const {
  const auto found = std::lower_bound(offers_.begin(), offers_.end(), id,
                                      [](const Offer& offer, absl::string_view wanted) { return offer.id < wanted; });
  return found != offers_.end() && found->id == id ? &*found : nullptr;
}

}  // namespace countersign::order
