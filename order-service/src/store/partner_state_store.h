// The copies of the partners' states on which orders are decided.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PARTNER_STATE_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PARTNER_STATE_STORE_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "order-service/src/domain/partner_state.h"

namespace countersign::order {

// A partner's state to be taken over.
struct LearntState {
  Uuid partner;
  PartnerState state;
  // The reason of the orders that are withdrawn because the partner is not active (withdrawal_store.h). Empty keeps the
  // reason given before.
  std::string withdraw_reason = {};
};

// Thread-safe. Errors of every method: those of mysql::Database.
class PartnerStateStore {
 public:
  explicit PartnerStateStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Version 0 where nothing is known.
  absl::StatusOr<PartnerState> Known(absl::Time deadline, const Uuid& partner) const;

  // Takes over what is new of it. One that is not active has its waiting orders withdrawn. As events::Change::also.
  static std::function<absl::Status(mysql::Connection&)> TakeOver(LearntState learnt);
  // The same in a transaction of its own: the row takes over only what is new, so it can be written at any time.
  absl::Status TakeOverNow(absl::Time deadline, const LearntState& learnt) const;

  // LostRace() unless the partner stands behind what was submitted at `seller_version`, and goes on doing so until the
  // commit: the row is share-locked, and the one statement that changes it waits. So a suspension is applied either
  // before, and nothing is submitted or confirmed, or after, and what was confirmed stands.
  static events::RowGuard StandsBehind(const Uuid& partner, int64_t seller_version);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PARTNER_STATE_STORE_H_
