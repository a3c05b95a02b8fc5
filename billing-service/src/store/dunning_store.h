// Stores the accounts' positions on the dunning ladder, and the rungs that they reached.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/dunning.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which dunnings may be filtered.
std::vector<mysql::FilterField> DunningFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class DunningStore {
 public:
  explicit DunningStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The account's position; CLEAR when it never was on the ladder.
  absl::StatusOr<Dunning> Read(absl::Time deadline, const Uuid& account) const;

  // Of all accounts, the first to come first.
  absl::StatusOr<mysql::Page<Dunning>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // Accounts of the bucket, after `after` in the order of their ids, that may have a rung to climb `today`: something
  // is OPEN that was due on `due_until` or before.
  absl::StatusOr<std::vector<Uuid>> ListDue(absl::Time deadline, int bucket, Date today, Date due_until,
                                            const Uuid& after, int limit) const;

  // The buckets in which something is OPEN that was due before `today`, or an account is on the ladder, or one that was
  // cancelled is not finished.
  absl::StatusOr<std::vector<int>> ListDueBuckets(absl::Time deadline, Date today) const;

  // The same of those whose driving invoice is no longer OPEN: to bring down, or CANCELLED and not finished `today`.
  absl::StatusOr<std::vector<Uuid>> ListSettled(absl::Time deadline, int bucket, Date today, const Uuid& after,
                                                int limit) const;

  // For a change that relies on where the account stands, which was read with create_time set.
  static events::RowGuard StaysAt(const Dunning& dunning);

  // This version, for a change with an event of the account.
  static mysql::RowWrite Row(const Dunning& dunning);

  // The rung that was just reached: once for ever.
  static mysql::RowWrite RungRow(const Dunning& dunning);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_STORE_H_
