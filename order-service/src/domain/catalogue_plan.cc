#include "order-service/src/domain/catalogue_plan.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/domain/bundle.h"

namespace countersign::order {
namespace {

std::string TextOf(const std::string& text) { return text; }
std::string TextOf(int64_t number) { return absl::StrCat(number); }
template <typename Item>
std::string TextOf(const std::vector<Item>& items) {
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

template <typename Field>
void Compare(absl::string_view name, const Field& before, const Field& after, std::vector<std::string>& differences) {
  if (before == after) return;
  differences.push_back(absl::StrCat(name, ": ", TextOf(before), " → ", TextOf(after)));
}

std::vector<std::string> DifferencesOf(const Offer& before, const Offer& after) {
  std::vector<std::string> differences;
  Compare("title", before.title, after.title, differences);
  Compare("description", before.description, after.description, differences);
  Compare("minimum_quantity", before.minimum_quantity, after.minimum_quantity, differences);
  Compare("maximum_quantity", before.maximum_quantity, after.maximum_quantity, differences);
  Compare("components", before.components, after.components, differences);
  Compare("regions", before.regions, after.regions, differences);
  Compare("billing_periods", before.billing_periods, after.billing_periods, differences);
  return differences;
}

bool SameContents(const Price& a, const Price& b) {
  return a.currency == b.currency && a.effective_time == b.effective_time && a.tiers == b.tiers && a.note == b.note;
}

template <typename Item>
const Item* FindById(const std::vector<Item>& items, absl::string_view id) {
  for (const Item& item : items) {
    if (item.id == id) return &item;
  }
  return nullptr;
}

class Planner {
 public:
  Planner(const Catalogue& before, absl::Time now) : before_(before), now_(now) {}

  void Take(const CatalogueEntry& entry, const std::string& field) {
    const Offer* const known = before_.Find(entry.offer);
    if (!seen_.insert(entry.offer).second) violations_.Add(field + ".offer.name", "must be named once");
    if (known == nullptr) {
      Create(entry);
    } else {
      Change(*known, entry, field);
    }
    if (entry.fields.maximum_quantity < entry.fields.minimum_quantity) {
      violations_.Add(field + ".offer.maximum_quantity", "must be at least minimum_quantity");
    }
    TakePrices(known, entry, field);
    TakePromotions(known, entry, field);
  }

  // Once all entries are taken: a bundle may name an offer that another entry makes.
  void CheckBundles(const std::vector<CatalogueEntry>& wanted) {
    std::map<std::string, Offer> after;
    for (const Offer& offer : before_.offers()) after[offer.id] = offer;
    for (const Offer& offer : plan_.new_offers) after[offer.id] = offer;
    for (const Offer& offer : plan_.changed_offers) after[offer.id] = offer;
    std::vector<Offer> offers;
    for (const auto& [id, offer] : after) offers.push_back(offer);
    const Catalogue catalogue(std::move(offers));
    for (size_t i = 0; i < wanted.size(); ++i) {
      const Offer* const offer = catalogue.Find(wanted[i].offer);
      CheckComponents(catalogue, *offer, absl::StrCat("catalogue.offers[", i, "].offer.components"), violations_);
    }
  }

  absl::StatusOr<CataloguePlan> Finish() && {
    RETURN_IF_ERROR(violations_.ToStatus());
    return std::move(plan_);
  }

 private:
  void Create(const CatalogueEntry& entry) {
    Offer offer = Offer::New(entry.offer, entry.fields, now_);
    offer.retired = entry.retired;
    if (entry.retired) offer.retire_time = now_;
    plan_.new_offers.push_back(std::move(offer));
    plan_.differences.push_back({.act = CatalogueAct::kCreate, .name = absl::StrCat("offers/", entry.offer)});
  }

  void Change(const Offer& known, const CatalogueEntry& entry, const std::string& field) {
    const std::vector<std::string> fields = DifferencesOf(known, Offer::New(entry.offer, entry.fields, now_));
    const bool retires = entry.retired && !known.retired;
    if (fields.empty() && entry.retired == known.retired) return;
    if (known.retired) {
      violations_.Add(field + ".offer", "the offer is retired and changes no more: leave it as it is, and retired");
      return;
    }
    Offer next = known;
    if (!fields.empty()) {
      next = *known.Update(entry.fields, now_);
      plan_.differences.push_back(
          {.act = CatalogueAct::kUpdate, .name = absl::StrCat("offers/", entry.offer), .fields = fields});
    }
    if (retires) {
      const int64_t version = next.version;
      next = *next.Retire(now_);
      next.version = fields.empty() ? next.version : version;  // One change, one version.
      plan_.differences.push_back({.act = CatalogueAct::kRetire, .name = absl::StrCat("offers/", entry.offer)});
    }
    plan_.changed_offers.push_back(std::move(next));
  }

  void TakePrices(const Offer* known, const CatalogueEntry& entry, const std::string& field) {
    std::set<std::string> ids;
    for (size_t i = 0; i < entry.prices.size(); ++i) {
      const Price& price = entry.prices[i];
      const std::string path = absl::StrCat(field, ".prices[", i, "]");
      if (!ids.insert(price.id).second) violations_.Add(path + ".name", "must be named once");
      const Price* const published = known == nullptr ? nullptr : FindById(known->prices, price.id);
      if (published != nullptr) {
        if (!SameContents(*published, price)) {
          violations_.Add(path, "the version is published and never changes: give the new one another name");
        }
        continue;
      }
      if (known != nullptr && known->retired) violations_.Add(path, "the offer is retired and has no new prices");
      CheckNewPrice(price, now_, path, violations_);
      plan_.new_prices.push_back({entry.offer, price});
      plan_.differences.push_back(
          {.act = CatalogueAct::kCreate, .name = absl::StrCat("offers/", entry.offer, "/prices/", price.id)});
    }
  }

  void TakePromotions(const Offer* known, const CatalogueEntry& entry, const std::string& field) {
    std::set<std::string> ids;
    for (size_t i = 0; i < entry.promotions.size(); ++i) {
      const Promotion& promotion = entry.promotions[i];
      const std::string path = absl::StrCat(field, ".promotions[", i, "]");
      if (!ids.insert(promotion.id).second) violations_.Add(path + ".name", "must be named once");
      const Promotion* const written = known == nullptr ? nullptr : FindById(known->promotions, promotion.id);
      if (written != nullptr) {
        if (!written->SameContents(promotion) || written->end_date != promotion.end_date) {
          violations_.Add(path, "the promotion is written and only ends (EndPromotion): give the new one another name");
        }
        continue;
      }
      CheckNewPromotion(promotion, now_, path, violations_);
      plan_.new_promotions.push_back({entry.offer, promotion});
      plan_.differences.push_back(
          {.act = CatalogueAct::kCreate, .name = absl::StrCat("offers/", entry.offer, "/promotions/", promotion.id)});
    }
  }

  const Catalogue& before_;
  const absl::Time now_;
  FieldViolations violations_;
  std::set<std::string> seen_;
  CataloguePlan plan_;
};

}  // namespace

absl::StatusOr<CataloguePlan> PlanCatalogue(const Catalogue& before, const std::vector<CatalogueEntry>& wanted,
                                            absl::Time now) {
  Planner planner(before, now);
  for (size_t i = 0; i < wanted.size(); ++i) planner.Take(wanted[i], absl::StrCat("catalogue.offers[", i, "]"));
  planner.CheckBundles(wanted);
  return std::move(planner).Finish();
}

}  // namespace countersign::order
