// Fee entries: the account's side, frozen and earned, and the partner's side.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/ledger.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"

namespace countersign::billing {

// Errors of all methods, beside those named: those of mysql::Database.
class FeeStore {
 public:
  explicit FeeStore(mysql::Database& database) : database_(database) {}

  // The account's side of an entry that its invoice earned; nullopt while it is not earned.
  absl::StatusOr<std::optional<FeeEntry>> FindEarned(absl::Time deadline, const Uuid& account, const Uuid& fee) const;

  // Whether the partner's side has the entry.
  absl::StatusOr<bool> Exists(absl::Time deadline, const Uuid& partner, const Uuid& fee) const;

  // The partner's side of the entry and its ledger transaction, with `change`, in one transaction. Errors: LostRace()
  // when it is there already; those of events::Commit.
  absl::Status Accrue(absl::Time deadline, const events::Change& change, const FeeEntry& fee,
                      const LedgerTransaction& posting) const;

  // The partner's entries, oldest first. A condition is on columns of fees.
  absl::StatusOr<mysql::Page<FeeEntry>> List(absl::Time deadline, const Uuid& partner,
                                             const mysql::PageQuery& query) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
