#include "order-service/src/store/catalogue_store.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"
#include "order-service/src/store/offer_row.h"
#include "order-service/src/store/price_row.h"

namespace countersign::order {
namespace {

// The tiers of what `prices`, a SELECT of rows of the table or the table itself, has.
std::string SelectTiers(absl::string_view prices, absl::string_view rest) {
  return absl::StrCat("SELECT ", ColumnsOf(kPrices, "p"), ", t.minimum_quantity, t.unit_price_micros FROM ", prices,
                      " p JOIN price_tiers t ON t.offer_id = p.offer_id AND t.price_id = p.price_id ", rest,
                      " ORDER BY p.offer_id, p.price_id, t.minimum_quantity");
}

// Rows of one offer's tiers, sorted: a price begins where its id changes.
void AddTier(std::vector<Price>& prices, TierRow& row) {
  if (prices.empty() || prices.back().id != row.price.id) prices.push_back(std::move(row.price));
  prices.back().tiers.push_back(std::move(row.tier));
}

}  // namespace

std::vector<mysql::FilterField> OfferFilterFields() {
  using enum mysql::FilterType;
  return {{"title", "title"},
          {"minimum_quantity", "minimum_quantity", kInt},
          {"maximum_quantity", "maximum_quantity", kInt},
          {"retired", "retired", kBool},
          {"create_time", "create_time", kTime},
          {"update_time", "update_time", kTime}};
}

std::vector<mysql::FilterField> PriceFilterFields() {
  using enum mysql::FilterType;
  return {{"currency_code", "currency", kAscii},
          {"effective_time", "effective_time", kTime},
          {"publish_time", "publish_time", kTime}};
}

absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueStore::Get(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (absl::Now() - load_time_ < kMaxAge) return catalogue_;
  }
  return Load(deadline);
}

// Outside the lock, so that a slow database holds up no thread that has a fresh copy. Two threads may load at once.
absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueStore::Load(absl::Time deadline) {
  const absl::Time load_time = absl::Now();
  ASSIGN_OR_RETURN(std::vector<Offer> offers,
                   mysql::ListBy<Offer>(database_, deadline, SelectFrom(kOffers, "ORDER BY offer_id"), {}, OfferOf));
  RETURN_IF_ERROR(AddPrices(deadline, offers));
  auto catalogue = std::make_shared<const Catalogue>(std::move(offers));
  absl::MutexLock lock(&mutex_);
  if (load_time >= load_time_) {
    catalogue_ = catalogue;
    load_time_ = load_time;
  }
  return catalogue;
}

void CatalogueStore::Forget() {
  absl::MutexLock lock(&mutex_);
  load_time_ = absl::InfinitePast();
}

absl::StatusOr<Offer> CatalogueStore::GetOffer(absl::Time deadline, absl::string_view offer) const {
  ASSIGN_OR_RETURN(
      std::vector<Offer> found,
      mysql::ListBy<Offer>(database_, deadline, SelectFrom(kOffers, "WHERE offer_id = ?"), {offer}, OfferOf));
  if (found.empty()) return NoSuchOffer(offer);
  RETURN_IF_ERROR(AddPrices(deadline, found));
  return std::move(found.front());
}

absl::StatusOr<mysql::Page<Offer>> CatalogueStore::ListOffers(absl::Time deadline,
                                                              const mysql::PageQuery& query) const {
  ASSIGN_OR_RETURN(mysql::Page<Offer> page,
                   mysql::ListPage<Offer>(database_, deadline,
                                          mysql::StatementOf(SelectFrom(kOffers, "WHERE offer_id > ?"), {query.after},
                                                             query, " ORDER BY offer_id LIMIT ?"),
                                          OfferOf, [](const Offer& offer) { return offer.id; }));
  RETURN_IF_ERROR(AddPrices(deadline, page.items));
  return page;
}

absl::Status CatalogueStore::AddPrices(absl::Time deadline, std::vector<Offer>& offers) const {
  if (offers.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      std::vector<TierRow> rows,
      mysql::ListBy<TierRow>(database_, deadline, SelectTiers("prices", "WHERE p.offer_id >= ? AND p.offer_id <= ?"),
                             {offers.front().id, offers.back().id}, TierRowOf));
  auto offer = offers.begin();
  for (TierRow& row : rows) {
    while (offer != offers.end() && offer->id < row.offer_id) ++offer;
    if (offer == offers.end()) break;
    // Not of an offer that a filter left out, or that was written since.
    if (offer->id == row.offer_id) AddTier(offer->prices, row);
  }
  return absl::OkStatus();
}

absl::StatusOr<mysql::Page<Price>> CatalogueStore::ListPrices(absl::Time deadline, absl::string_view offer,
                                                              const mysql::PageQuery& query) const {
  // A page is of prices, not of their tiers.
  const auto statement =
      mysql::StatementOf(absl::StrCat("(", SelectFrom(kPrices, "WHERE offer_id = ? AND price_id > ?")),
                         {offer, query.after}, query, " ORDER BY price_id LIMIT ?)");
  ASSIGN_OR_RETURN(
      std::vector<TierRow> rows,
      mysql::ListBy<TierRow>(database_, deadline, SelectTiers(statement.sql, ""), statement.parameters, TierRowOf));
  std::vector<Price> prices;
  for (TierRow& row : rows) AddTier(prices, row);
  return mysql::PageOf<Price>(std::move(prices), query.size, [](const Price& price) { return price.id; });
}

mysql::RowWrite CatalogueStore::Row(const Offer& offer) { return OfferRow(offer); }

mysql::RowWrite CatalogueStore::NewRow(const Offer& offer) { return NewOfferRow(offer); }

std::vector<mysql::RowWrite> CatalogueStore::RowsOf(absl::string_view offer, const Price& price) {
  return PriceRows(offer, price);
}

}  // namespace countersign::order
