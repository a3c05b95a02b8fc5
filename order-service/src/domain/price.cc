#include "order-service/src/domain/price.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::order {

const PriceTier& Price::TierOf(Quantity quantity) const {
  const PriceTier* reached = &tiers.front();
  for (const PriceTier& tier : tiers) {
    if (tier.minimum_quantity <= quantity.seats()) reached = &tier;
  }
  return *reached;
}

bool Price::Supersedes(const Price& other) const {
  return std::tie(effective_time, publish_time, id) > std::tie(other.effective_time, other.publish_time, other.id);
}

void CheckNewPrice(const Price& price, absl::Time now, absl::string_view field, FieldViolations& violations) {
  if (price.effective_time < now) {
    violations.Add(
        absl::StrCat(field, ".effective_time"),
        absl::StrCat("must not be in the past: it is ", absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone())));
  }
  if (price.tiers.empty() || price.tiers.size() > kMaxTiers) {
    violations.Add(absl::StrCat(field, ".tiers"), absl::StrCat("must be 1 to ", kMaxTiers));
  }
  for (size_t i = 1; i < price.tiers.size(); ++i) {
    if (price.tiers[i].minimum_quantity > price.tiers[i - 1].minimum_quantity) continue;
    violations.Add(absl::StrCat(field, ".tiers[", i, "].minimum_quantity"),
                   "must be more than that of the tier before");
  }
}

const Price* FindInForce(const std::vector<Price>& prices, absl::string_view currency, absl::Time time) {
  const Price* in_force = nullptr;
  for (const Price& price : prices) {
    if (price.currency != currency || price.effective_time > time) continue;
    if (in_force == nullptr || price.Supersedes(*in_force)) in_force = &price;
  }
  return in_force;
}

}  // namespace countersign::order
