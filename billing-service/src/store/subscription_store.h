// Subscriptions with their tranches and partners of record.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"

namespace countersign::billing {

// Errors of all methods, beside those named: those of mysql::Database.
class SubscriptionStore {
 public:
  explicit SubscriptionStore(mysql::Database& database) : database_(database) {}

  absl::StatusOr<std::optional<Subscription>> Find(absl::Time deadline, const Uuid& account,
                                                   const Uuid& subscription) const;

  // The account's subscriptions in the order of their ids. A condition is on columns of subscriptions.
  absl::StatusOr<mysql::Page<Subscription>> List(absl::Time deadline, const Uuid& account,
                                                 const mysql::PageQuery& query) const;

  // The account's subscriptions to start or with a line due on or before `date`, oldest first.
  absl::StatusOr<std::vector<Subscription>> ListDue(absl::Time deadline, const Uuid& account, Date date) const;

 private:
  mysql::Database& database_;
};

// Within a transaction. Error: LostRace() when it is there already.
absl::Status InsertSubscription(mysql::Connection& connection, const Subscription& subscription);

// Within a transaction: stores the state and how far the tranches are invoiced, where the row has the version before.
// Error: LostRace().
absl::Status UpdateBilledUntil(mysql::Connection& connection, const Subscription& subscription);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_STORE_H_
