// The holds of fees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_HOLD_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_HOLD_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee_hold.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

std::vector<mysql::FilterField> FeeHoldFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class FeeHoldStore {
 public:
  explicit FeeHoldStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<std::optional<FeeHold>> Find(absl::Time deadline, const Uuid& partner, const Uuid& hold) const;

  // Error: NOT_FOUND FEE_HOLD_NOT_FOUND.
  absl::StatusOr<FeeHold> Get(absl::Time deadline, const Uuid& partner, const Uuid& hold) const;

  // The partner's holds, or those of all partners, oldest first.
  absl::StatusOr<mysql::Page<FeeHold>> List(absl::Time deadline, const std::optional<Uuid>& partner,
                                            const mysql::PageQuery& query) const;

  // This version of the hold, for a change with its event.
  static mysql::RowWrite Row(const FeeHold& hold);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_HOLD_STORE_H_
