// Parked activations.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARKED_ACTIVATION_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARKED_ACTIVATION_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/parked_activation.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which parked activations may be filtered.
std::vector<mysql::FilterField> ParkedActivationFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class ParkedActivationStore {
 public:
  explicit ParkedActivationStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<std::optional<ParkedActivation>> Find(absl::Time deadline, const Uuid& account,
                                                       const Uuid& parked) const;

  // Error: NOT_FOUND PARKED_ACTIVATION_NOT_FOUND.
  absl::StatusOr<ParkedActivation> Get(absl::Time deadline, const Uuid& account, const Uuid& parked) const;

  // Of one account, or (nullopt) of all, oldest first.
  absl::StatusOr<mysql::Page<ParkedActivation>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                                     const mysql::PageQuery& query) const;

  // This version, for a change with its event.
  static mysql::RowWrite Row(const ParkedActivation& parked);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARKED_ACTIVATION_STORE_H_
