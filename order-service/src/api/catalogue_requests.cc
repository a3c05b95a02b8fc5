#include "order-service/src/api/catalogue_requests.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/api/price_requests.h"
#include "order-service/src/api/promotion_requests.h"

namespace countersign::order {
namespace {

// The last part of the name of something below the entry's offer, part being "/prices/".
std::string RequirePartName(FieldViolations& violations, const std::string& field, absl::string_view name,
                            absl::string_view offer, absl::string_view part) {
  const std::string prefix = absl::StrCat(kOfferPrefix, offer, part);
  if (!absl::ConsumePrefix(&name, prefix) || !IsSlug(name)) {
    violations.Add(field, absl::StrCat("must be the offer's name, then ", part, " and 1 to ", kMaxSlugBytes,
                                       " of a–z, 0–9 and hyphen"));
  }
  return std::string(name);
}

CatalogueEntry RequireEntry(FieldViolations& violations, const std::string& field, const v1::Catalogue::Entry& entry,
                            absl::Time now) {
  CatalogueEntry required;
  required.offer = RequireOffer(violations, field + ".offer.name", entry.offer().name());
  required.fields = RequireNewOffer(violations, field + ".offer", entry.offer());
  required.retired = entry.offer().retired();
  const auto too_many = [&](absl::string_view what, int count) {
    if (count <= static_cast<int>(kMaxVersionsOfEntry)) return false;
    violations.Add(absl::StrCat(field, ".", what), absl::StrCat("must have at most ", kMaxVersionsOfEntry, " entries"));
    return true;
  };
  for (int i = 0; !too_many("prices", entry.prices_size()) && i < entry.prices_size(); ++i) {
    const std::string path = absl::StrCat(field, ".prices[", i, "]");
    Price price = RequirePrice(violations, path, entry.prices(i), now);
    price.id = RequirePartName(violations, path + ".name", entry.prices(i).name(), required.offer, kPricesPart);
    if (!entry.prices(i).has_effective_time()) violations.Add(path + ".effective_time", "is required");
    required.prices.push_back(std::move(price));
  }
  for (int i = 0; !too_many("promotions", entry.promotions_size()) && i < entry.promotions_size(); ++i) {
    const std::string path = absl::StrCat(field, ".promotions[", i, "]");
    Promotion promotion = RequirePromotion(violations, path, entry.promotions(i), now);
    promotion.id =
        RequirePartName(violations, path + ".name", entry.promotions(i).name(), required.offer, kPromotionsPart);
    if (!entry.promotions(i).has_start_date()) violations.Add(path + ".start_date", "is required");
    required.promotions.push_back(std::move(promotion));
  }
  return required;
}

}  // namespace

absl::StatusOr<ApplyCatalogueCommand> ParseApplyCatalogue(const rpc::Call& call,
                                                          const v1::ApplyCatalogueRequest& request) {
  FieldViolations violations;
  ApplyCatalogueCommand command;
  command.tenant = CatalogueTenant();
  const int count = request.catalogue().offers_size();
  if (count == 0 || count > static_cast<int>(kMaxEntries)) {
    violations.Add("catalogue.offers", absl::StrCat("must be 1 to ", kMaxEntries));
    return violations.ToStatus();
  }
  for (int i = 0; i < count; ++i) {
    command.entries.push_back(
        RequireEntry(violations, absl::StrCat("catalogue.offers[", i, "]"), request.catalogue().offers(i), call.now()));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::order
