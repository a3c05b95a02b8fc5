#include "order-service/src/store/catalogue_store.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::order {
namespace {

#define COUNTERSIGN_TIER_COLUMNS                                                                \
  "o.offer_id, o.title, o.description, o.minimum_quantity, o.retired, p.price_id, p.currency, " \
  "p.effective_time, t.minimum_quantity, t.unit_price_micros"
#define COUNTERSIGN_WITH_TIERS                                                 \
  " o JOIN prices p ON p.offer_id = o.offer_id "                               \
  "JOIN price_tiers t ON t.offer_id = p.offer_id AND t.price_id = p.price_id " \
  "ORDER BY o.offer_id, p.price_id, t.minimum_quantity"

constexpr absl::string_view kSelectCatalogue = "SELECT " COUNTERSIGN_TIER_COLUMNS " FROM offers" COUNTERSIGN_WITH_TIERS;

// A page is of offers, not of their tiers, and only of such as have some: an offer without is in no catalogue.
constexpr absl::string_view kSelectPage =
    "SELECT " COUNTERSIGN_TIER_COLUMNS
    " FROM ("
    "SELECT offer_id, title, description, minimum_quantity, retired FROM offers WHERE offer_id > ? AND EXISTS ("
    "SELECT 1 FROM prices p JOIN price_tiers t ON t.offer_id = p.offer_id AND t.price_id = p.price_id "
    "WHERE p.offer_id = offers.offer_id)";
constexpr absl::string_view kInOrderOfId = " ORDER BY offer_id LIMIT ?)" COUNTERSIGN_WITH_TIERS;

#undef COUNTERSIGN_TIER_COLUMNS
#undef COUNTERSIGN_WITH_TIERS

// One row per tier: its offer and its price without what is below them.
struct TierRow {
  Offer offer;
  Price price;
  PriceTier tier;
};

TierRow TierRowOf(mysql::RowReader& row) {
  TierRow tier;
  tier.offer = {.id = row.Text(),
                .title = row.Text(),
                .description = row.Text(),
                .minimum_quantity = row.Int(),
                .retired = row.Bool(),
                .prices = {}};
  tier.price = {.id = row.Text(), .currency = row.Text(), .effective_time = row.Time(), .tiers = {}};
  tier.tier.minimum_quantity = row.Int();
  tier.tier.unit_price = row.Amount(tier.price.currency);
  return tier;
}

// Sorted rows: an offer or price begins where its id changes.
std::vector<Offer> OffersOf(std::vector<TierRow> rows) {
  std::vector<Offer> offers;
  for (TierRow& row : rows) {
    if (offers.empty() || offers.back().id != row.offer.id) offers.push_back(std::move(row.offer));
    std::vector<Price>& prices = offers.back().prices;
    if (prices.empty() || prices.back().id != row.price.id) prices.push_back(std::move(row.price));
    prices.back().tiers.push_back(std::move(row.tier));
  }
  return offers;
}

}  // namespace

std::vector<mysql::FilterField> OfferFilterFields() {
  using enum mysql::FilterType;
  return {{"title", "title"}, {"minimum_quantity", "minimum_quantity", kInt}, {"retired", "retired", kBool}};
}

absl::StatusOr<Catalogue> CatalogueStore::Load(absl::Time deadline) const {
  ASSIGN_OR_RETURN(std::vector<TierRow> rows,
                   mysql::ListBy<TierRow>(database_, deadline, kSelectCatalogue, {}, TierRowOf));
  return Catalogue(OffersOf(std::move(rows)));
}

absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueStore::Get(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (absl::Now() - load_time_ < kMaxAge) return catalogue_;
  }
  // Outside the lock, so that a slow database holds up no thread that has a fresh copy. Two threads may load at once.
  const absl::Time load_time = absl::Now();
  ASSIGN_OR_RETURN(Catalogue loaded, Load(deadline));
  auto catalogue = std::make_shared<const Catalogue>(std::move(loaded));
  absl::MutexLock lock(&mutex_);
  catalogue_ = catalogue;
  load_time_ = load_time;
  return catalogue;
}

absl::StatusOr<mysql::Page<Offer>> CatalogueStore::ListOffers(absl::Time deadline,
                                                              const mysql::PageQuery& query) const {
  const auto statement = mysql::StatementOf(kSelectPage, {query.after}, query, kInOrderOfId);
  ASSIGN_OR_RETURN(std::vector<TierRow> rows,
                   mysql::ListBy<TierRow>(database_, deadline, statement.sql, statement.parameters, TierRowOf));
  return mysql::PageOf<Offer>(OffersOf(std::move(rows)), query.size, [](const Offer& offer) { return offer.id; });
}

}  // namespace countersign::order
