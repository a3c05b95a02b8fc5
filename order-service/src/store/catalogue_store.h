#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_CATALOGUE_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_CATALOGUE_STORE_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "order-service/src/domain/catalogue.h"

namespace countersign::order {

// What offers may be filtered by.
std::vector<mysql::FilterField> OfferFilterFields();

// The catalogue, read whole and kept for kMaxAge of real time: orders are priced without asking the database. A price
// version never changes and says itself from when on it is in force, so the only thing that can be seen late is a
// version or retirement that was written less than kMaxAge ago. Thread-safe.
class CatalogueStore {
 public:
  static constexpr absl::Duration kMaxAge = absl::Seconds(5);

  explicit CatalogueStore(mysql::Database& database) : database_(database) {}

  // Never null. Errors: those of mysql::Database, DATA_LOSS for rows that make no sense.
  absl::StatusOr<std::shared_ptr<const Catalogue>> Get(absl::Time deadline);

  // The offers with all their prices as they are in the database now, not as they are kept, in the order of their ids.
  // A condition is on columns of offers. Errors: as Get's.
  absl::StatusOr<mysql::Page<Offer>> ListOffers(absl::Time deadline, const mysql::PageQuery& query) const;

 private:
  absl::StatusOr<Catalogue> Load(absl::Time deadline) const;

  mysql::Database& database_;
  absl::Mutex mutex_;
  std::shared_ptr<const Catalogue> catalogue_ ABSL_GUARDED_BY(mutex_);
  absl::Time load_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_CATALOGUE_STORE_H_
