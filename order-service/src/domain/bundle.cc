#include "order-service/src/domain/bundle.h"

#include <cstddef>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace countersign::order {
namespace {

// The fault of an offer as a component; empty if none.
absl::string_view FaultOfComponent(const Catalogue& catalogue, const Offer& bundle, absl::string_view component) {
  if (component == bundle.id) return "must not be the bundle itself";
  const Offer* const found = catalogue.Find(component);
  if (found == nullptr) return "must be an offer of the catalogue (ListOffers)";
  return found->IsBundle() ? "must not be a bundle itself" : "";
}

}  // namespace

void CheckComponents(const Catalogue& catalogue, const Offer& offer, absl::string_view field,
                     FieldViolations& violations) {
  if (!offer.IsBundle()) return;
  std::set<absl::string_view> seen;
  for (size_t i = 0; i < offer.components.size(); ++i) {
    const absl::string_view component = offer.components[i];
    const absl::string_view fault =
        seen.insert(component).second ? FaultOfComponent(catalogue, offer, component) : "must be named once";
    if (!fault.empty()) violations.Add(absl::StrCat(field, "[", i, "]"), fault);
  }
  for (const Offer& other : catalogue.offers()) {
    if (other.id == offer.id || !absl::c_linear_search(other.components, offer.id)) continue;
    violations.Add(field, absl::StrCat("must be empty: the offer is a component of ", other.id));
  }
}

}  // namespace countersign::order
