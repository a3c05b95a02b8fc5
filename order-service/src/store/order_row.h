// An order and its revisions ↔ the columns that keep them. Used within the store only.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_ROW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_ROW_H_

#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// One row is an order with its current revision. The columns that OrderOf does not need end `fixed`.
inline constexpr mysql::Table kOrders = {
    .name = "orders",
    .key = "partner_id, order_id",
    .fixed = "customer_id, partner_of_record_id, create_time, bucket, order_number, kind, term_months",
    .changing =
        "version, state, state_reason, revision, links_made, currency, order_lines, total_micros, "
        "billing_period_months, requested_start_date, partner_reference, seller_version, link_id, billing_account_id, "
        "submit_time, expire_time, confirm_time, start_date, subscriptions, customer_note, purchase_order_number, "
        "region, submit_address, partner_mail_domain, erase_time, payer_on_file, press_time, customer_name, "
        "update_time"};

// Revisions that a customer was given and that a later one replaced. Rows are only ever inserted.
inline constexpr mysql::Table kOrderRevisions = {
    .name = "order_revisions",
    .key = "partner_id, order_id, revision",
    .fixed =
        "state, state_reason, currency, order_lines, total_micros, billing_period_months, term_months, "
        "requested_start_date, partner_reference, link_id, submit_time, expire_time, customer_note, "
        "purchase_order_number, region"};

// Of the columns of kOrderRevisions.
OrderRevision RevisionOf(mysql::RowReader& row);

// Of the columns of kOrders.
Order OrderOf(mysql::RowReader& row);

mysql::RowWrite OrderRow(const Order& order);

// The order's revision, to be kept when another replaces it.
mysql::RowWrite OrderRevisionRow(const Order& order);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_ROW_H_
