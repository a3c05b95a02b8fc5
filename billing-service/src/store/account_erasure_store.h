// Reads what decides whether an account can be erased, and writes the erasure.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_ERASURE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_ERASURE_STORE_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_erasure.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AccountErasureStore {
 public:
  explicit AccountErasureStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<OpenMatters> Read(absl::Time deadline, const Uuid& account) const;

  // The account's activations, parked or decided, that hold the order as it was parked.
  absl::StatusOr<std::vector<ParkedActivation>> ListParked(absl::Time deadline, const Uuid& account) const;

  // The rows of the account's event and of those of its parked activations, and for Change::also what no put writes:
  // the columns that are fixed, its former contacts, who confirmed its orders, what mail servers said of its address,
  // when its past buyers go, and the salts of its log.
  static std::vector<mysql::RowWrite> Rows(const AccountErasure& erasure);
  static std::function<absl::Status(mysql::Connection&)> EraseWords(const Uuid& account, const AccountErasure& erasure);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_ERASURE_STORE_H_
