// The partners' address books.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_CUSTOMER_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_CUSTOMER_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/condition.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "partner-service/src/domain/customer.h"

namespace countersign::partner {

inline constexpr mysql::Table kCustomers = {
    .name = "customers",
    .key = "partner_id, customer_id",
    .fixed = "create_time",
    .changing =
        "display_name, contact_name, contact_email, partner_reference, archive_time, erase_time, version, update_time"};
Customer CustomerOf(mysql::RowReader& row);

std::vector<mysql::FilterField> CustomerFilterFields();

// Leaves archived customers out unless the condition says something of them.
void HideArchivedCustomers(mysql::Condition& condition);

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class CustomerStore {
 public:
  explicit CustomerStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND CUSTOMER_NOT_FOUND, also when the customer is another partner's.
  absl::StatusOr<Customer> Get(absl::Time deadline, const Uuid& partner_id, const Uuid& customer_id) const;

  // The partner's customers, oldest first.
  absl::StatusOr<mysql::Page<Customer>> List(absl::Time deadline, const Uuid& partner_id,
                                             const mysql::PageQuery& query) const;

  // This version of the customer, for a change with its event.
  static mysql::RowWrite Row(const Customer& customer);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_CUSTOMER_STORE_H_
