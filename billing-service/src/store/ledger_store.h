// The ledger: insert only.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEDGER_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEDGER_STORE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/ledger.h"
#include "common/mysql/connection.h"

namespace countersign::billing {

// Within the transaction of the act that it records; nothing for a transaction without entries. Errors: INTERNAL when
// it does not balance (the last guard before the books), LostRace() when the act was posted before.
absl::Status InsertLedgerTransaction(mysql::Connection& connection, const LedgerTransaction& transaction,
                                     absl::Time create_time);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEDGER_STORE_H_
