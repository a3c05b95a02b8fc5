// Billing runs and what is due.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_RUN_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_RUN_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_billing.h"
#include "billing-service/src/domain/billing_run_record.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which billing runs may be filtered.
std::vector<mysql::FilterField> BillingRunFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class BillingRunStore {
 public:
  explicit BillingRunStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // With its sums. Error: NOT_FOUND BILLING_RUN_NOT_FOUND.
  absl::StatusOr<BillingRun> Get(absl::Time deadline, const Uuid& run) const;

  // With their sums, oldest first.
  absl::StatusOr<mysql::Page<BillingRun>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // The shares of the bucket that are RUNNING.
  absl::StatusOr<std::vector<BillingRunShare>> ListOpenShares(absl::Time deadline, int bucket) const;

  // At most `limit` accounts of the bucket, not parked, that have something due on or before `date`, in the order of
  // their ids, after `after`.
  absl::StatusOr<std::vector<Uuid>> ListDueAccounts(absl::Time deadline, int bucket, Date date, const Uuid& after,
                                                    int limit) const;

  // The buckets with something due on or before `date`, parked accounts included, or with an open share.
  absl::StatusOr<std::vector<int>> ListDueBuckets(absl::Time deadline, Date date) const;

  // How many accounts have something due on or before `date`, parked ones left out.
  absl::StatusOr<int64_t> CountDueAccounts(absl::Time deadline, Date date) const;

  static mysql::RowWrite Row(const BillingRun& run);
  static mysql::RowWrite Row(const BillingRunShare& share);

  // Everything that billing an account writes, but rows of subscriptions and tranches that did not change. `before`:
  // its subscriptions as they were, in their order.
  static absl::StatusOr<std::vector<mysql::RowWrite>> Rows(const AccountBilling& billing,
                                                           const std::vector<Subscription>& before);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_RUN_STORE_H_
