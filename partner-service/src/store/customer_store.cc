#include "partner-service/src/store/customer_store.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kArchived = "(archive_time IS NOT NULL)";

}  // namespace

Customer CustomerOf(mysql::RowReader& row) {
  return {.partner_id = row.Id(),
          .customer_id = row.Id(),
          .create_time = row.Time(),
          .display_name = row.Text(),
          .contact_name = row.Text(),
          .contact_email = row.Text(),
          .partner_reference = row.Text(),
          .archive_time = row.OptionalTime(),
          .erase_time = row.OptionalTime(),
          .version = row.Int(),
          .update_time = row.Time()};
}

std::vector<mysql::FilterField> CustomerFilterFields() {
  return {{"display_name", "display_name"},
          {"contact_email", "contact_email"},
          {"partner_reference", "partner_reference"},
          {"archived", kArchived, mysql::FilterType::kBool},
          {"create_time", "create_time", mysql::FilterType::kTime}};
}

void HideArchivedCustomers(mysql::Condition& condition) {
  if (!absl::StrContains(condition.sql, kArchived)) condition.sql += " AND archive_time IS NULL";
}

absl::StatusOr<Customer> CustomerStore::Get(absl::Time deadline, const Uuid& partner_id,
                                            const Uuid& customer_id) const {
  ASSIGN_OR_RETURN(std::optional<Customer> found,
                   mysql::FindOne<Customer>(database_, deadline, kCustomers, {partner_id, customer_id}, CustomerOf));
  if (found.has_value()) return *std::move(found);
  return NoSuchCustomer(customer_id);
}

absl::StatusOr<mysql::Page<Customer>> CustomerStore::List(absl::Time deadline, const Uuid& partner_id,
                                                          const mysql::PageQuery& query) const {
  return mysql::ListByTime<Customer>(
      database_, deadline, {.table = kCustomers, .parent = "partner_id = ?", .id = "customer_id"}, {partner_id}, query,
      CustomerOf,
      [](const Customer& customer) { return mysql::TimePosition{customer.create_time, customer.customer_id}; });
}

mysql::RowWrite CustomerStore::Row(const Customer& customer) {
  return mysql::Put(kCustomers, {customer.partner_id, customer.customer_id, customer.create_time, customer.display_name,
                                 customer.contact_name, customer.contact_email, customer.partner_reference,
                                 customer.archive_time, customer.erase_time, customer.version, customer.update_time});
}

}  // namespace countersign::partner
