// Entries of the ledger in the order of their days, and what a tenant's account held before one.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_POSTED_ENTRY_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_POSTED_ENTRY_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_statement.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"

namespace countersign::billing {

struct PostedPage {
  std::vector<PostedEntry> entries;
  bool more = false;  // There is a next page.
};

// Thread-safe. Also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED), DATA_LOSS.
class PostedEntryStore {
 public:
  explicit PostedEntryStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // At most `size` entries after `after`, up to the day `end`, by day, tenant and transaction; without a tenant those
  // of all tenants. Reads an index from `after` on, and no more entries than it gives (of one tenant: than it posted on
  // those days).
  absl::StatusOr<PostedPage> List(absl::Time deadline, const EntriesOf& of, const StatementPosition& after, Date end,
                                  int size) const;

  // The statement of List, with all that it binds: for EXPLAIN.
  static mysql::PageStatement ListStatement(const EntriesOf& of, const StatementPosition& after, Date end, int size);

  // The balance of the tenant's account before `start`, debit − credit. Reads its sums by month, its transactions of
  // start's month, and those that are in no sum yet, all as of one moment. of.tenant is set.
  absl::StatusOr<Money> BalanceBefore(absl::Time deadline, const EntriesOf& of, Date start) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_POSTED_ENTRY_STORE_H_
