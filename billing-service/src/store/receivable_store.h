// The debts of accounts, for reports.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_RECEIVABLE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_RECEIVABLE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/ledger_report.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"

namespace countersign::billing {

// Of the accounts of one page.
struct OwedPage {
  std::vector<OwedOnDay> owed;  // In the order of accounts, then of due dates.
  std::string next;  // The position of the page's last account, whether it owes or not; empty on the last page.
};

// Thread-safe. Also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED), DATA_LOSS.
class ReceivableStore {
 public:
  explicit ReceivableStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The debts in `currency` of the next query.size accounts, of any currency. Reads these accounts' invoices only.
  absl::StatusOr<OwedPage> ListOwed(absl::Time deadline, absl::string_view currency,
                                    const mysql::PageQuery& query) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_RECEIVABLE_STORE_H_
