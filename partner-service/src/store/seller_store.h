// Reads at once all that is asked of a seller before an order.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_SELLER_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_SELLER_STORE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "partner-service/src/domain/seller.h"

namespace countersign::partner {

// Thread-safe.
class SellerStore {
 public:
  explicit SellerStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The partner and one of its customers, the agreement in force and the products authorized at `now`: in one
  // statement, which those who ask at the same moment share. Errors: NOT_FOUND PARTNER_NOT_FOUND, CUSTOMER_NOT_FOUND,
  // AGREEMENT_NOT_FOUND, in this order; those of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
  absl::StatusOr<Seller> Get(absl::Time deadline, const Uuid& partner_id, const Uuid& customer_id,
                             absl::Time now) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_SELLER_STORE_H_
