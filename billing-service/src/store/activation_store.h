// Activations: what makes a confirmed order start exactly once.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACTIVATION_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACTIVATION_STORE_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/activation.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Errors of all methods, beside those named: those of mysql::Database.
class ActivationStore {
 public:
  explicit ActivationStore(mysql::Database& database) : database_(database) {}

  absl::StatusOr<std::optional<Activation>> Find(absl::Time deadline, const Uuid& account, const OrderReference& order,
                                                 int64_t revision) const;

  // Everything that the activation writes, with `change`, in one transaction. Errors: LostRace() when the account
  // changed since it was read or the order was activated before; those of events::Commit.
  absl::Status Commit(absl::Time deadline, const events::Change& change, const ActivationResult& result) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACTIVATION_STORE_H_
