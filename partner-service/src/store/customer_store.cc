#include "partner-service/src/store/customer_store.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read_one.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectCustomer =
    "SELECT display_name, contact_name, contact_email, partner_reference, version, create_time, update_time "
    "FROM customers WHERE partner_id = ? AND customer_id = ?";

constexpr absl::string_view kInsertCustomer =
    "INSERT INTO customers (partner_id, customer_id, display_name, contact_name, contact_email, partner_reference, "
    "version, create_time, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

}  // namespace

absl::StatusOr<Customer> CustomerStore::Find(absl::Time deadline, const Uuid& partner_id,
                                             const Uuid& customer_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectCustomer, {partner_id, customer_id}));
  if (!row.has_value()) {
    return NotFound("CUSTOMER_NOT_FOUND", "The partner has no such customer.", {{"customer", customer_id.ToString()}});
  }
  return Customer{.partner_id = partner_id,
                  .customer_id = customer_id,
                  .display_name = row->Bytes(0),
                  .contact_name = row->Bytes(1),
                  .contact_email = row->Bytes(2),
                  .partner_reference = row->Bytes(3),
                  .version = row->Int(4),
                  .create_time = row->Time(5),
                  .update_time = row->Time(6)};
}

absl::Status CustomerStore::Insert(absl::Time deadline, const Customer& customer, const mysql::Change& change) {
  return mysql::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    const absl::Status inserted =
        connection
            .Execute(kInsertCustomer, {customer.partner_id, customer.customer_id, customer.display_name,
                                       customer.contact_name, customer.contact_email, customer.partner_reference,
                                       customer.version, customer.create_time, customer.update_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
  });
}

}  // namespace countersign::partner
