// Billing accounts and the reservation of their numbers.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_ACCOUNT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_ACCOUNT_STORE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Errors of all methods, beside those named: those of mysql::Database.
class BillingAccountStore {
 public:
  explicit BillingAccountStore(mysql::Database& database) : database_(database) {}

  absl::StatusOr<std::optional<BillingAccount>> Find(absl::Time deadline, const Uuid& account) const;

  // The number that the account will bear: the first of AccountNumber(account, 0), (account, 1) … that is free or
  // already its own. Commits by itself; again, it gives the same number.
  absl::StatusOr<std::string> ReserveNumber(absl::Time deadline, const Uuid& account) const;

 private:
  mysql::Database& database_;
};

// Within a transaction: inserts the account when its version is 1, else updates what may change (credit, next invoice
// sequence) where the row has the version before. Error: LostRace().
absl::Status SaveBillingAccount(mysql::Connection& connection, const BillingAccount& account);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_ACCOUNT_STORE_H_
