// Payments and what they settle.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYMENT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYMENT_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/settlement.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Errors of all methods, beside those named: those of mysql::Database.
class PaymentStore {
 public:
  explicit PaymentStore(mysql::Database& database) : database_(database) {}

  absl::StatusOr<bool> Exists(absl::Time deadline, const Uuid& account, const Uuid& payment) const;

  // Everything that the settlement writes, with `change`, in one transaction. Errors: LostRace() when the account or an
  // invoice changed since it was read, or the payment is there already; those of events::Commit.
  absl::Status Commit(absl::Time deadline, const events::Change& change, const Settlement& settlement) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYMENT_STORE_H_
