// Activations: what makes a confirmed order start exactly once.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACTIVATION_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACTIVATION_STORE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/activation.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class ActivationStore {
 public:
  explicit ActivationStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<std::optional<Activation>> Find(absl::Time deadline, const Uuid& account, const OrderReference& order,
                                                 int64_t revision) const;

  // The record alone: a second one of the order's revision is a lost race.
  static mysql::RowWrite Row(const Activation& activation);

  // Everything that the activation writes, for a change with the events of the account, the subscriptions and the
  // invoices. Error: INTERNAL when a posting does not balance.
  static absl::StatusOr<std::vector<mysql::RowWrite>> Rows(const ActivationResult& result);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACTIVATION_STORE_H_
