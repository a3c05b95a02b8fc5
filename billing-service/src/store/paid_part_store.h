// The payments and account credit that make up the amount paid on an invoice.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAID_PART_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAID_PART_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/paid_part.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Thread-safe. Also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED), DATA_LOSS.
class PaidPartStore {
 public:
  explicit PaidPartStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Payments by value date, then account credit.
  absl::StatusOr<std::vector<PaidPart>> ListOfInvoice(absl::Time deadline, const Uuid& account,
                                                      const Uuid& invoice) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAID_PART_STORE_H_
