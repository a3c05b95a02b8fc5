#include "order-service/src/store/catalogue_store.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"

namespace countersign::order {
namespace {

using mysql::Row;

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

// One row per tier, sorted: an offer or price begins where its id changes.
absl::StatusOr<std::vector<Offer>> ReadOffers(const std::vector<Row>& rows) {
  std::vector<Offer> offers;
  for (const Row& row : rows) {
    if (offers.empty() || offers.back().id != row.Bytes(0)) {
      offers.push_back({row.Bytes(0), row.Bytes(1), row.Bytes(2), row.Int(3), row.Bool(4), {}});
    }
    std::vector<Price>& prices = offers.back().prices;
    if (prices.empty() || prices.back().id != row.Bytes(5)) {
      prices.push_back({row.Bytes(5), row.Bytes(6), row.Time(7), {}});
    }
    ASSIGN_OR_RETURN(Money unit_price, Money::FromMicros(row.Int(9), row.Bytes(6)));
    prices.back().tiers.push_back({row.Int(8), std::move(unit_price)});
  }
  return offers;
}

}  // namespace

absl::StatusOr<Catalogue> CatalogueStore::Load(absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, mysql::ReadRows(database_, deadline, kSelectCatalogue, {}));
  ASSIGN_OR_RETURN(std::vector<Offer> offers, ReadOffers(rows));
  return Catalogue(std::move(offers));
}

absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueStore::Get(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (absl::Now() - load_time_ < kMaxAge) return catalogue_;
  }
  // Outside the lock: a slow database holds up nobody who has a fresh copy. Two threads may load it at once.
  const absl::Time load_time = absl::Now();
  ASSIGN_OR_RETURN(Catalogue loaded, Load(deadline));
  auto catalogue = std::make_shared<const Catalogue>(std::move(loaded));
  absl::MutexLock lock(&mutex_);
  catalogue_ = catalogue;
  load_time_ = load_time;
  return catalogue;
}

absl::StatusOr<mysql::Page<Offer>> CatalogueStore::ListOffers(absl::Time deadline, const mysql::PageQuery& query) {
  const auto statement = mysql::StatementOf(kSelectPage, {query.after}, query, kInOrderOfId);
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   mysql::ReadRows(database_, deadline, statement.sql, statement.parameters));
  ASSIGN_OR_RETURN(std::vector<Offer> offers, ReadOffers(rows));
  return mysql::PageOf<Offer>(std::move(offers), query.size, [](const Offer& offer) { return offer.id; });
}

}  // namespace countersign::order
