// The ledger: insert only.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEDGER_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEDGER_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/ledger.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The transaction's rows, for the change that writes the act it records; none for a transaction without entries. An act
// that was posted before is a lost race. Error: INTERNAL when it does not balance (the last guard before the books).
absl::StatusOr<std::vector<mysql::RowWrite>> LedgerRows(const LedgerTransaction& transaction, absl::Time create_time);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEDGER_STORE_H_
