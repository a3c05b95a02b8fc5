#include "order-service/src/store/catalogue_store.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"
#include "order-service/src/store/offer_row.h"
#include "order-service/src/store/price_row.h"
#include "order-service/src/store/promotion_row.h"

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

std::vector<mysql::FilterField> PromotionFilterFields() {
  using enum mysql::FilterType;
  return {{"title", "title"}, {"start_date", "start_date", kDate}, {"end_date", "end_date", kDate}};
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
  RETURN_IF_ERROR(AddParts(deadline, offers));
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
  RETURN_IF_ERROR(AddParts(deadline, found));
  return std::move(found.front());
}

absl::StatusOr<mysql::Page<Offer>> CatalogueStore::ListOffers(absl::Time deadline,
                                                              const mysql::PageQuery& query) const {
  ASSIGN_OR_RETURN(mysql::Page<Offer> page,
                   mysql::ListPage<Offer>(database_, deadline,
                                          mysql::StatementOf(SelectFrom(kOffers, "WHERE offer_id > ?"), {query.after},
                                                             query, " ORDER BY offer_id LIMIT ?"),
                                          OfferOf, [](const Offer& offer) { return offer.id; }));
  RETURN_IF_ERROR(AddParts(deadline, page.items));
  return page;
}

absl::Status CatalogueStore::AddParts(absl::Time deadline, std::vector<Offer>& offers) const {
  if (offers.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(AddPrices(deadline, offers));
  ASSIGN_OR_RETURN(
      std::vector<PromotionRow> rows,
      mysql::ListBy<PromotionRow>(database_, deadline,
                                  SelectFrom(kPromotions, "WHERE offer_id >= ? AND offer_id <= ? ORDER BY offer_id"),
                                  {offers.front().id, offers.back().id}, PromotionRowOf));
  auto offer = offers.begin();
  for (PromotionRow& row : rows) {
    while (offer != offers.end() && offer->id < row.offer_id) ++offer;
    if (offer == offers.end()) break;
    if (offer->id == row.offer_id) offer->promotions.push_back(std::move(row.promotion));
  }
  return absl::OkStatus();
}

absl::Status CatalogueStore::AddPrices(absl::Time deadline, std::vector<Offer>& offers) const {
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

absl::StatusOr<mysql::Page<Promotion>> CatalogueStore::ListPromotions(absl::Time deadline, absl::string_view offer,
                                                                      const mysql::PageQuery& query) const {
  const auto statement = mysql::StatementOf(SelectFrom(kPromotions, "WHERE offer_id = ? AND promotion_id > ?"),
                                            {offer, query.after}, query, " ORDER BY promotion_id LIMIT ?");
  return mysql::ListPage<Promotion>(
      database_, deadline, statement, [](mysql::RowReader& row) { return PromotionRowOf(row).promotion; },
      [](const Promotion& promotion) { return promotion.id; });
}

absl::StatusOr<Promotion> CatalogueStore::GetPromotion(absl::Time deadline, absl::string_view offer,
                                                       absl::string_view promotion) const {
  ASSIGN_OR_RETURN(std::optional<PromotionRow> found,
                   mysql::FindOne<PromotionRow>(database_, deadline, kPromotions, {offer, promotion}, PromotionRowOf));
  if (!found.has_value()) return NoSuchPromotion(offer, promotion);
  return std::move(found->promotion);
}

absl::StatusOr<int64_t> CatalogueStore::TimesApplied(absl::Time deadline) const {
  int64_t version = 0;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(version, events::LastVersion(reader, CatalogueTenant(), CatalogueTenant()));
    return absl::OkStatus();
  }));
  return version;
}

mysql::RowWrite CatalogueStore::Row(const Offer& offer) { return OfferRow(offer); }

mysql::RowWrite CatalogueStore::NewRow(const Offer& offer) { return NewOfferRow(offer); }

std::vector<mysql::RowWrite> CatalogueStore::RowsOf(absl::string_view offer, const Price& price) {
  return PriceRows(offer, price);
}

mysql::RowWrite CatalogueStore::Row(absl::string_view offer, const Promotion& promotion) {
  return RowOfPromotion(offer, promotion);
}

mysql::RowWrite CatalogueStore::NewRow(absl::string_view offer, const Promotion& promotion) {
  return RowOfNewPromotion(offer, promotion);
}

}  // namespace countersign::order
