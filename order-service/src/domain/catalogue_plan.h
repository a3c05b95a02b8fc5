// From a catalogue as an operator wrote it down to what must change.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_PLAN_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/named.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/offer.h"
#include "order-service/src/domain/price.h"
#include "order-service/src/domain/promotion.h"

namespace countersign::order {

inline constexpr size_t kMaxEntries = 50;
inline constexpr size_t kMaxVersionsOfEntry = 50;  // Prices, and promotions.

// An offer as it is wanted, with versions of its prices and with promotions that must be there.
struct CatalogueEntry {
  std::string offer;
  Offer::Fields fields;  // All of them.
  bool retired = false;
  std::vector<Price> prices = {};
  std::vector<Promotion> promotions = {};
};

enum class CatalogueAct : uint8_t { kCreate, kUpdate, kRetire };
inline constexpr Named<CatalogueAct> kCatalogueActs[] = {
    {CatalogueAct::kCreate, "CREATE"}, {CatalogueAct::kUpdate, "UPDATE"}, {CatalogueAct::kRetire, "RETIRE"}};
inline absl::string_view NameOf(CatalogueAct act) { return NameIn(kCatalogueActs, act); }

// One difference, for people.
struct CatalogueDifference {
  CatalogueAct act = CatalogueAct::kCreate;
  std::string name;                   // "offers/{offer}/prices/{price}"
  std::vector<std::string> fields{};  // Of an update: "title: News → Olds".
};

// The changes that make the entries true. Nothing is ever removed: anything that no entry names stays as it is.
struct CataloguePlan {
  struct NewPrice {
    std::string offer;
    Price price;
  };
  struct NewPromotion {
    std::string offer;
    Promotion promotion;
  };
  std::vector<Offer> new_offers = {};
  std::vector<Offer> changed_offers = {};  // Next versions, retired ones included.
  std::vector<NewPrice> new_prices = {};
  std::vector<NewPromotion> new_promotions = {};
  std::vector<CatalogueDifference> differences = {};  // In the order of the entries.
};

// Errors: INVALID_ARGUMENT with every violation, under "catalogue.offers[i]": an offer named twice, a retired offer
// that would change, a price or promotion that is there with other contents (it never changes: give the new one another
// name), and what CheckNewPrice, CheckNewPromotion and CheckComponents refuse.
absl::StatusOr<CataloguePlan> PlanCatalogue(const Catalogue& before, const std::vector<CatalogueEntry>& wanted,
                                            absl::Time now);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_PLAN_H_
