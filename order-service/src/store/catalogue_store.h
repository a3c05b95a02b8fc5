#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_CATALOGUE_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_CATALOGUE_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/catalogue.h"

namespace countersign::order {

// The fields that offers, and an offer's prices and promotions, may be filtered by.
std::vector<mysql::FilterField> OfferFilterFields();
std::vector<mysql::FilterField> PriceFilterFields();
std::vector<mysql::FilterField> PromotionFilterFields();

// The catalogue, read whole and kept for kMaxAge of real time: orders are priced without asking the database. A price
// version never changes and says itself from when on it is in force, so the only thing that can be seen late is what
// was written less than kMaxAge ago. Thread-safe. Errors of every method: those of mysql::Database, DATA_LOSS for rows
// that make no sense.
class CatalogueStore {
 public:
  static constexpr absl::Duration kMaxAge = absl::Seconds(5);

  explicit CatalogueStore(mysql::Database& database) : database_(database) {}

  // As it is kept. Never null.
  absl::StatusOr<std::shared_ptr<const Catalogue>> Get(absl::Time deadline);

  // As it is in the database now, and kept from then on. Never null.
  absl::StatusOr<std::shared_ptr<const Catalogue>> Load(absl::Time deadline);

  // Has the next Get read it again.
  void Forget();

  // The offer with all its prices as it is in the database now. Error: NOT_FOUND OFFER_NOT_FOUND.
  absl::StatusOr<Offer> GetOffer(absl::Time deadline, absl::string_view offer) const;

  // The offers with all their prices as they are in the database now, in the order of their ids. A condition is on
  // columns of offers.
  absl::StatusOr<mysql::Page<Offer>> ListOffers(absl::Time deadline, const mysql::PageQuery& query) const;

  // The versions of the offer's prices in the order of their ids. A condition is on columns of prices.
  absl::StatusOr<mysql::Page<Price>> ListPrices(absl::Time deadline, absl::string_view offer,
                                                const mysql::PageQuery& query) const;

  // The offer's promotions in the order of their ids. A condition is on columns of promotions.
  absl::StatusOr<mysql::Page<Promotion>> ListPromotions(absl::Time deadline, absl::string_view offer,
                                                        const mysql::PageQuery& query) const;

  // Error: NOT_FOUND PROMOTION_NOT_FOUND.
  absl::StatusOr<Promotion> GetPromotion(absl::Time deadline, absl::string_view offer,
                                         absl::string_view promotion) const;

  // How often a catalogue was applied: the version of the catalogue's last event.
  absl::StatusOr<int64_t> TimesApplied(absl::Time deadline) const;

  // The rows that a change of the catalogue writes, beside an event of the offer's or price's version.
  static mysql::RowWrite Row(const Offer& offer);     // The next version of the offer.
  static mysql::RowWrite NewRow(const Offer& offer);  // Refused as ALREADY_EXISTS OFFER_EXISTS.
  static std::vector<mysql::RowWrite> RowsOf(absl::string_view offer, const Price& price);  // … PRICE_EXISTS.
  static mysql::RowWrite Row(absl::string_view offer, const Promotion& promotion);
  static mysql::RowWrite NewRow(absl::string_view offer, const Promotion& promotion);  // … PROMOTION_EXISTS.

 private:
  // Gives the offers, which ascend by id, their prices and promotions.
  absl::Status AddParts(absl::Time deadline, std::vector<Offer>& offers) const;
  absl::Status AddPrices(absl::Time deadline, std::vector<Offer>& offers) const;

  mysql::Database& database_;
  absl::Mutex mutex_;
  std::shared_ptr<const Catalogue> catalogue_ ABSL_GUARDED_BY(mutex_);
  absl::Time load_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_CATALOGUE_STORE_H_
