// The partners' address books.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_CUSTOMER_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_CUSTOMER_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "partner-service/src/domain/customer.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class CustomerStore {
 public:
  explicit CustomerStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND CUSTOMER_NOT_FOUND, also when the customer is another partner's.
  absl::StatusOr<Customer> Find(absl::Time deadline, const Uuid& partner_id, const Uuid& customer_id) const;

  // The partner's customers, oldest first. A condition is on columns of customers.
  absl::StatusOr<mysql::Page<Customer>> List(absl::Time deadline, const Uuid& partner_id,
                                             const mysql::PageQuery& query) const;

  // Writes a new customer. Errors: LostRace() when its id is there already, those of events::Commit.
  absl::Status Insert(absl::Time deadline, const Customer& customer, const events::Change& change);

  // Writes the next version of a customer. Errors: LostRace() when the row is not at the version before, those of
  // events::Commit.
  absl::Status Update(absl::Time deadline, const Customer& customer, const events::Change& change);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_CUSTOMER_STORE_H_
