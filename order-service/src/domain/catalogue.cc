#include "order-service/src/domain/catalogue.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace countersign::order {

Catalogue::Catalogue(std::vector<Offer> offers) : offers_(std::move(offers)) {
  std::sort(offers_.begin(), offers_.end(), [](const Offer& a, const Offer& b) { return a.id < b.id; });
}

const Offer* Catalogue::Find(absl::string_view id) const {
  const auto found = std::lower_bound(offers_.begin(), offers_.end(), id,
                                      [](const Offer& offer, absl::string_view wanted) { return offer.id < wanted; });
  return found != offers_.end() && found->id == id ? &*found : nullptr;
}

}  // namespace countersign::order
