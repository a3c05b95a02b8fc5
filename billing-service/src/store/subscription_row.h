// A subscription, its tranches and its partners of record ↔ the columns that keep them. Used within the store only.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_ROW_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_ROW_H_

#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/subscription.h"
#include "common/mysql/connection.h"
#include "common/mysql/table.h"

namespace countersign::billing {

inline constexpr mysql::Table kSubscriptions = {
    .name = "subscriptions",
    .key = "account_id, subscription_id",
    .fixed = "bucket, partner_id, order_id, offer, title, start_date, trial_days, billing_months, create_time",
    .changing =
        "bill_date, state, term_months, committed_months, auto_renew, renewal_quantity, renewal_source, "
        "renewal_currency, renewal_unit_price_micros, renewal_price, renewal_tier_quantity, suspension_reasons, "
        "cancel_reason, end_date, purchase_order_number, renewal_purchase_order_number, suspended_date, resumed_date, "
        "version, update_time"};

inline constexpr mysql::Table kTranches = {.name = "tranches",
                                           .key = "account_id, subscription_id, tranche",
                                           .fixed = "start_date, first_year_start_date, currency",
                                           .changing =
                                               "unit_price_micros, quantity, billed_until_date, price, tier_quantity, "
                                               "list_price_micros, promotion_start_date, promotion_end_date, "
                                               "removed_quantity, removed_date, purchase_order_number"};

inline constexpr mysql::Table kPartnerAssignments = {.name = "partner_assignments",
                                                     .key = "account_id, subscription_id, start_date",
                                                     .changing = "partner_id, end_date"};

// Of rows with the columns of the three tables, in the order of subscriptions, then of tranches, then of assignments.
absl::StatusOr<std::vector<Subscription>> SubscriptionsOf(const std::vector<mysql::Row>& rows);

mysql::RowWrite SubscriptionRow(const Subscription& subscription);
mysql::RowWrite TrancheRow(const Subscription& subscription, const Tranche& tranche);
mysql::RowWrite AssignmentRow(const Subscription& subscription, const PartnerAssignment& assignment);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_ROW_H_
