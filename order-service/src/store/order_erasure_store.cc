// Erases an order's acceptances and the free texts of its revisions.
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/erasure.h"
#include "order-service/src/store/acceptance_row.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

// Nobody else changes these rows: the event of the order's version guards them.
constexpr absl::string_view kEraseAcceptances =
    "UPDATE acceptances SET purchase_order_number = '', company_name = '', billing_email = '', billing_address = ?, "
    "ip_address = '', user_agent = '', confirmer_name = '', confirmer_title = '', confirmer_email = '', tax_id = '' "
    "WHERE partner_id = ? AND order_id = ?";
constexpr int kOrdersOfPage = 200;

constexpr absl::string_view kEraseRevisions =
    "UPDATE order_revisions SET state_reason = '', customer_note = '' WHERE partner_id = ? AND order_id = ?";

}  // namespace

std::function<absl::Status(mysql::Connection&)> OrderStore::EraseWords(const Order& erased) {
  return [name = erased.name, version = erased.version](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute(kEraseAcceptances, {NoAddressText(), name.partner, name.id}).status());
    RETURN_IF_ERROR(connection.Execute(kEraseRevisions, {name.partner, name.id}).status());
    return events::EraseSalts(connection, name.partner, name.id, version);
  };
}

absl::StatusOr<int64_t> OrderStore::CountErasures(absl::Time deadline, const CustomerName& customer) const {
  int64_t version = 0;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(version, events::LastVersion(reader, customer.partner, customer.id));
    return absl::OkStatus();
  }));
  return version;
}

absl::StatusOr<std::vector<Order>> OrderStore::ListOfCustomer(absl::Time deadline, const CustomerName& customer) const {
  std::vector<Order> orders;
  mysql::PageQuery query{.condition = {" AND customer_id = ?", {customer.id}}, .after = "", .size = kOrdersOfPage};
  do {
    ASSIGN_OR_RETURN(const mysql::Page<Order> page, List(deadline, customer.partner, query));
    orders.insert(orders.end(), page.items.begin(), page.items.end());
    query.after = page.next;
  } while (!query.after.empty());
  return orders;
}

}  // namespace countersign::order
