// Refunds of account credit: insert only.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REFUND_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REFUND_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/refund.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which refunds may be filtered.
std::vector<mysql::FilterField> RefundFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class RefundStore {
 public:
  explicit RefundStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND REFUND_NOT_FOUND.
  absl::StatusOr<Refund> Get(absl::Time deadline, const Uuid& account, const Uuid& refund) const;

  // Of one account, or (nullopt) of all, oldest first.
  absl::StatusOr<mysql::Page<Refund>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                           const mysql::PageQuery& query) const;

  // OK unless another refund of the account names the same transfer. To be asked after the account was read, and with
  // its new version in the same change: then no two refunds with one reference commit. Error: ALREADY_EXISTS
  // REFUND_REFERENCE_TAKEN.
  absl::Status CheckFree(absl::Time deadline, const Refund& refund) const;

  // The new refund, for a change with its event.
  static mysql::RowWrite Row(const Refund& refund);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REFUND_STORE_H_
