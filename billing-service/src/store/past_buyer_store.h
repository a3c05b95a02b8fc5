// The buyers that earlier invoices of an account name.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAST_BUYER_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAST_BUYER_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/buyer.h"
#include "common/base/uuid.h"
#include "common/events/retention.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED), DATA_LOSS.
class PastBuyerStore {
 public:
  explicit PastBuyerStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The buyers that earlier invoices of the account name, in order.
  absl::StatusOr<std::vector<PastBuyer>> List(absl::Time deadline, const Uuid& account) const;

  // A new one, for a change with the account's event.
  static mysql::RowWrite Row(const Uuid& account, const PastBuyer& past);

 private:
  mysql::Database& database_;
};

// Deletes the buyers of erased accounts when their delete_time has come.
events::Retention PastBuyerRetention();

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAST_BUYER_STORE_H_
