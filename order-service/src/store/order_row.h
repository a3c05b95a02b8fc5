// An order and its parts ↔ the columns that keep them. Used by order_store.cc only.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_ROW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_ROW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/postal_address.h"
#include "common/mysql/connection.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// What every SELECT of an order lists, in the order that ReadOrder expects.
#define COUNTERSIGN_ORDER_COLUMNS                                                                           \
  "o.partner_id, o.order_id, o.version, o.state, o.state_reason, o.revision, o.links_made, o.customer_id, " \
  "o.partner_of_record_id, o.currency, o.order_lines, o.total_micros, o.billing_period_months, "            \
  "o.requested_start_date, o.partner_reference, o.link_id, o.billing_account_id, o.submit_time, "           \
  "o.expire_time, o.confirm_time, o.start_date, o.subscriptions, o.create_time, o.update_time, "            \
  "o.seller_version"
inline constexpr int kOrderColumns = 25;

// The columns of COUNTERSIGN_ORDER_COLUMNS, from column 0 on. Error: DATA_LOSS for a row that this code did not write.
absl::StatusOr<Order> ReadOrder(const mysql::Row& row);

// The columns of an acceptance from column `first` on: purchase_order_number, company_name, billing_email,
// billing_address, agreement_version, content_sha256, ip_address, user_agent, press_time. Error: DATA_LOSS.
absl::StatusOr<Acceptance> ReadAcceptance(const mysql::Row& row, int first);

// JSON for the columns order_lines and billing_address; comma-separated UUIDs for subscriptions.
std::string LinesText(const std::vector<OrderLine>& lines);
std::string AddressText(const PostalAddress& address);
std::string IdsText(const std::vector<Uuid>& ids);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_ROW_H_
