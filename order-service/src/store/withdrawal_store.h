// The withdrawals that are left after partners were suspended or terminated. A partner's state that is taken over
// (partner_state_store.h) begins a withdrawal; the worker (workers/withdrawal_task.h) ends it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_WITHDRAWAL_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_WITHDRAWAL_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/domain/partner_state.h"

namespace countersign::order {

// Thread-safe. Errors of every method: those of mysql::Database.
class WithdrawalStore {
 public:
  explicit WithdrawalStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Partners of the bucket with a withdrawal under way and ids after `after` (nil: all), in order of their ids, at most
  // `limit`.
  absl::StatusOr<std::vector<Uuid>> ListPartners(absl::Time deadline, int bucket, const Uuid& after, int limit) const;

  // The buckets in which ListPartners finds a partner.
  absl::StatusOr<std::vector<int>> ListBuckets(absl::Time deadline) const;

  // The partner's withdrawal. Requires that ListPartners named the partner.
  absl::StatusOr<Withdrawal> Get(absl::Time deadline, const Uuid& partner) const;

  // Waiting orders that the withdrawal is about with ids after `after` (nil: all), in order of their ids, at most
  // `limit`.
  absl::StatusOr<std::vector<OrderName>> ListOrders(absl::Time deadline, const Uuid& partner,
                                                    const Withdrawal& withdrawal, const Uuid& after, int limit) const;

  // None of its orders waits any more. Changes nothing when the partner became inactive again meanwhile.
  absl::Status End(absl::Time deadline, const Uuid& partner, const Withdrawal& withdrawal) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_WITHDRAWAL_STORE_H_
