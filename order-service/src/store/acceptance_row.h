// An acceptance ↔ the columns that keep it. Used within the store only.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ACCEPTANCE_ROW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ACCEPTANCE_ROW_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// Rows are only ever inserted, and what the customer said is emptied when it is erased (order_erasure_store.cc).
inline constexpr mysql::Table kAcceptances = {
    .name = "acceptances",
    .key = "partner_id, order_id, revision",
    .fixed =
        "link_id, purchase_order_number, company_name, billing_email, billing_address, agreement_version, "
        "content_sha256, ip_address, user_agent, press_time, confirmer_name, confirmer_title, confirmer_email, tax_id, "
        "language_code"};

// Of the columns of kAcceptances.
Acceptance AcceptanceOf(mysql::RowReader& row);

// The columns that hold what the customer typed, and where it sat.
inline constexpr absl::string_view kPersonalColumns =
    "purchase_order_number, company_name, billing_email, billing_address, ip_address, user_agent, confirmer_name, "
    "confirmer_title, confirmer_email, tax_id";

// The billing_address of an erased acceptance.
std::string NoAddressText();

// The row of an acceptance of this revision of the order, by its current link.
mysql::RowWrite AcceptanceRow(const Order& order, const Acceptance& acceptance);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ACCEPTANCE_ROW_H_
