// The copies of the partners' standing.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARTNER_STATE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARTNER_STATE_STORE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/partner_state.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PartnerStateStore {
 public:
  explicit PartnerStateStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // partner_version 0 where nothing is known.
  absl::StatusOr<PartnerState> Known(absl::Time deadline, const Uuid& partner) const;

  // This version of the copy, for a change with its event.
  static mysql::RowWrite Row(const PartnerState& state);

  // LostRace() unless the copy still is of that version, and stays so until the commit: a fee that is held under a hold
  // is entered before the hold ends, or not at all. As events::Change::also.
  static std::function<absl::Status(mysql::Connection&)> StaysAt(const PartnerState& state);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARTNER_STATE_STORE_H_
