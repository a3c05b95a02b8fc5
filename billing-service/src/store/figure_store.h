// Figures of the money for an operator: counts that are 0 while all is well, and the ledger's balance.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FIGURE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FIGURE_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/metrics.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Thread-safe.
class FigureStore {
 public:
  explicit FigureStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // `now` is business time. Each is read along a key, of all buckets. Errors: those of mysql::Database.
  absl::StatusOr<std::vector<metrics::Figure>> Read(absl::Time deadline, absl::Time now) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FIGURE_STORE_H_
