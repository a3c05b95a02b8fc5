#include "partner-service/src/store/customer_store.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectCustomer =
    "SELECT customer_id, display_name, contact_name, contact_email, partner_reference, archive_time, version, "
    "create_time, update_time FROM customers WHERE partner_id = ? AND customer_id = ?";

constexpr absl::string_view kSelectPage =
    "SELECT customer_id, display_name, contact_name, contact_email, partner_reference, archive_time, version, "
    "create_time, update_time FROM customers "
    "WHERE partner_id = ? AND (create_time > ? OR (create_time = ? AND customer_id > ?))";
constexpr absl::string_view kOldestFirst = " ORDER BY create_time, customer_id LIMIT ?";

constexpr absl::string_view kInsertCustomer =
    "INSERT INTO customers (partner_id, customer_id, display_name, contact_name, contact_email, partner_reference, "
    "version, create_time, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kUpdateCustomer =
    "UPDATE customers SET display_name = ?, contact_name = ?, contact_email = ?, partner_reference = ?, "
    "archive_time = ?, version = ?, update_time = ? WHERE partner_id = ? AND customer_id = ? AND version = ?";

Customer CustomerOf(const Uuid& partner_id, const mysql::Row& row) {
  return {.partner_id = partner_id,
          .customer_id = row.Id(0),
          .display_name = row.Bytes(1),
          .contact_name = row.Bytes(2),
          .contact_email = row.Bytes(3),
          .partner_reference = row.Bytes(4),
          .archive_time = row.OptionalTime(5),
          .version = row.Int(6),
          .create_time = row.Time(7),
          .update_time = row.Time(8)};
}

}  // namespace

absl::StatusOr<Customer> CustomerStore::Find(absl::Time deadline, const Uuid& partner_id,
                                             const Uuid& customer_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectCustomer, {partner_id, customer_id}));
  if (!row.has_value()) {
    return NotFound("CUSTOMER_NOT_FOUND", "The partner has no such customer.", {{"customer", customer_id.ToString()}});
  }
  return CustomerOf(partner_id, *row);
}

absl::StatusOr<mysql::Page<Customer>> CustomerStore::List(absl::Time deadline, const Uuid& partner_id,
                                                          const mysql::PageQuery& query) const {
  const auto after = mysql::TimePosition::FromText(query.after);
  return mysql::ReadPage<Customer>(
      database_, deadline,
      mysql::StatementOf(kSelectPage, {partner_id, after.time, after.time, after.id}, query, kOldestFirst),
      [&](const mysql::Row& row) { return CustomerOf(partner_id, row); },
      [](const Customer& customer) {
        return mysql::TimePosition{customer.create_time, customer.customer_id}.ToText();
      });
}

absl::Status CustomerStore::Insert(absl::Time deadline, const Customer& customer, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    const absl::Status inserted =
        connection
            .Execute(kInsertCustomer, {customer.partner_id, customer.customer_id, customer.display_name,
                                       customer.contact_name, customer.contact_email, customer.partner_reference,
                                       customer.version, customer.create_time, customer.update_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
  });
}

absl::Status CustomerStore::Update(absl::Time deadline, const Customer& customer, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    return connection.ExecuteGuarded(
        kUpdateCustomer, {customer.display_name, customer.contact_name, customer.contact_email,
                          customer.partner_reference, customer.archive_time, customer.version, customer.update_time,
                          customer.partner_id, customer.customer_id, customer.version - 1});
  });
}

}  // namespace countersign::partner
