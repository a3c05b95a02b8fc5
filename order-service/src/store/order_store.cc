#include "order-service/src/store/order_store.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"
#include "order-service/src/store/acceptance_row.h"
#include "order-service/src/store/order_row.h"

namespace countersign::order {
namespace {

// The first to reserve an account wins: whoever comes second decides again with it.
constexpr mysql::Table kCustomerAccounts = {
    .name = "customer_accounts", .key = "partner_id, customer_id, currency", .fixed = "billing_account_id"};

// One round trip for everything that a decision needs: three rows by their primary keys.
const mysql::KeyedSelect& SelectOrder() {
  static const auto* const select = new mysql::KeyedSelect{
      .select = absl::StrCat("SELECT ", mysql::ColumnsOf(kOrders, "o"),
                             ", COALESCE(p.version, 0), COALESCE(p.active, 0), COALESCE(p.inactive_version, 0), "
                             "a.billing_account_id FROM orders o FORCE INDEX (PRIMARY) "
                             "LEFT JOIN partner_states p FORCE INDEX (PRIMARY) ON p.partner_id = o.partner_id "
                             "LEFT JOIN customer_accounts a FORCE INDEX (PRIMARY) ON a.partner_id = o.partner_id "
                             "AND a.customer_id = o.customer_id AND a.currency = o.currency"),
      .key = "o.partner_id, o.order_id"};
  return *select;
}

const mysql::KeyedSelect& SelectConfirmed() {
  static const auto* const select = new mysql::KeyedSelect{
      .select = absl::StrCat("SELECT ", mysql::ColumnsOf(kOrders, "o"), ", ", mysql::ColumnsOf(kAcceptances, "c"),
                             " FROM orders o FORCE INDEX (PRIMARY) "
                             "JOIN acceptances c FORCE INDEX (PRIMARY) ON c.partner_id = o.partner_id "
                             "AND c.order_id = o.order_id AND c.revision = o.revision"),
      .key = "o.partner_id, o.order_id"};
  return *select;
}

// By the index of accounts.
constexpr absl::string_view kSelectPartnerChange =
    "SELECT partner_id, order_id FROM orders WHERE bucket = ? AND billing_account_id = ? AND partner_id = ? "
    "AND customer_id = ? AND kind = 'CHANGE_PARTNER' AND state = 'COMPLETED' LIMIT 1";

constexpr absl::string_view kSelectOfAnotherCustomer =
    "SELECT partner_id, order_id FROM orders WHERE bucket = ? AND billing_account_id = ? AND partner_id = ? "
    "AND customer_id <> ? LIMIT 1";

constexpr absl::string_view kSelectAccount =
    "SELECT billing_account_id FROM customer_accounts WHERE partner_id = ? AND customer_id = ? AND currency = ?";

constexpr absl::string_view kSelectWaitingChange =
    "SELECT partner_id, order_id FROM waiting_changes WHERE partner_id = ? AND subscription_id = ?";

// A worker's claim crosses tenants: it selects keys only, by the bucket that the worker holds.
constexpr absl::string_view kSelectOverdue =
    "SELECT partner_id, order_id FROM orders WHERE bucket = ? AND state = 'AWAITING_CONFIRMATION' AND expire_time <= ? "
    "ORDER BY expire_time LIMIT ?";

constexpr absl::string_view kOverdueBuckets =
    "SELECT leases.bucket FROM leases WHERE EXISTS (SELECT 1 FROM orders WHERE orders.bucket = leases.bucket "
    "AND orders.state = 'AWAITING_CONFIRMATION' AND orders.expire_time <= ?)";

// Along orders_by_expiry: a draft has no expire_time. All drafts of the bucket are read for those that are idle, but
// once an hour, and drafts are few: each is submitted, cancelled or found here at last.
constexpr absl::string_view kSelectIdleDrafts =
    "SELECT partner_id, order_id FROM orders WHERE bucket = ? AND state = 'DRAFT' AND expire_time IS NULL "
    "AND update_time < ? LIMIT ?";

constexpr absl::string_view kIdleDraftBuckets =
    "SELECT leases.bucket FROM leases WHERE EXISTS (SELECT 1 FROM orders WHERE orders.bucket = leases.bucket "
    "AND orders.state = 'DRAFT' AND orders.expire_time IS NULL AND orders.update_time < ?)";

StoredOrder StoredOrderOf(mysql::RowReader& row) {
  StoredOrder stored{.order = OrderOf(row), .partner = {row.Int(), row.Bool(), row.Int()}, .account = row.OptionalId()};
  if (stored.order.state == OrderState::kAwaitingConfirmation && stored.order.seller_version == 0) {
    stored.order.seller_version = stored.partner.AssumedSellerVersion();
  }
  return stored;
}

ConfirmedOrder ConfirmedOrderOf(mysql::RowReader& row) {
  return {.order = OrderOf(row), .acceptance = AcceptanceOf(row)};
}

mysql::RowWrite ReservationOf(const Order& order) {
  return mysql::Insert(kCustomerAccounts,
                       {order.name.partner, order.customer, order.terms.currency, *order.billing_account});
}

OrderName OrderNameOf(mysql::RowReader& row) { return {.partner = row.Id(), .id = row.Id()}; }

template <typename Item>
absl::StatusOr<Item> OrNotFound(std::optional<Item> found, const OrderName& name) {
  if (found.has_value()) return *std::move(found);
  return NotFound("ORDER_NOT_FOUND", "The partner has no such order.", {{"order", name.id.ToString()}});
}

}  // namespace

absl::StatusOr<StoredOrder> OrderStore::Get(absl::Time deadline, const OrderName& name) const {
  ASSIGN_OR_RETURN(
      std::optional<StoredOrder> found,
      mysql::FindByKey<StoredOrder>(database_, deadline, SelectOrder(), {name.partner, name.id}, StoredOrderOf));
  return OrNotFound(std::move(found), name);
}

absl::StatusOr<ConfirmedOrder> OrderStore::GetConfirmed(absl::Time deadline, const OrderName& name) const {
  ASSIGN_OR_RETURN(std::optional<ConfirmedOrder> found,
                   mysql::FindByKey<ConfirmedOrder>(database_, deadline, SelectConfirmed(), {name.partner, name.id},
                                                    ConfirmedOrderOf));
  return OrNotFound(std::move(found), name);
}

absl::StatusOr<std::optional<Uuid>> OrderStore::FindAccount(absl::Time deadline, const CustomerName& customer,
                                                            const std::string& currency) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> found,
                   mysql::ReadOne(database_, deadline, kSelectAccount, {customer.partner, customer.id, currency}));
  if (!found.has_value()) return std::nullopt;
  return found->Id(0);
}

absl::StatusOr<bool> OrderStore::CameByPartnerChange(absl::Time deadline, const CustomerName& customer,
                                                     const Uuid& account) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> found,
                   mysql::ReadOne(database_, deadline, kSelectPartnerChange,
                                  {events::BucketOf(customer.partner), account, customer.partner, customer.id}));
  return found.has_value();
}

absl::StatusOr<bool> OrderStore::IsBilledForAnother(absl::Time deadline, const CustomerName& customer,
                                                    const Uuid& account) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> found,
                   mysql::ReadOne(database_, deadline, kSelectOfAnotherCustomer,
                                  {events::BucketOf(customer.partner), account, customer.partner, customer.id}));
  return found.has_value();
}

absl::StatusOr<std::optional<OrderName>> OrderStore::FindWaitingChange(absl::Time deadline, const Uuid& partner,
                                                                       const Uuid& subscription) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> found,
                   mysql::ReadOne(database_, deadline, kSelectWaitingChange, {partner, subscription}));
  if (!found.has_value()) return std::nullopt;
  return OrderName{found->Id(0), found->Id(1)};
}

absl::StatusOr<std::vector<OrderName>> OrderStore::ListOverdue(absl::Time deadline, int bucket, absl::Time now,
                                                               int limit) const {
  return mysql::ListBy<OrderName>(database_, deadline, kSelectOverdue, {bucket, now, limit}, OrderNameOf);
}

absl::StatusOr<std::vector<int>> OrderStore::ListOverdueBuckets(absl::Time deadline, absl::Time now) const {
  return events::ListBuckets(database_, deadline, kOverdueBuckets, {now});
}

absl::StatusOr<std::vector<OrderName>> OrderStore::ListIdleDrafts(absl::Time deadline, int bucket, absl::Time before,
                                                                  int limit) const {
  return mysql::ListBy<OrderName>(database_, deadline, kSelectIdleDrafts, {bucket, before, limit}, OrderNameOf);
}

absl::StatusOr<std::vector<int>> OrderStore::ListIdleDraftBuckets(absl::Time deadline, absl::Time before) const {
  return events::ListBuckets(database_, deadline, kIdleDraftBuckets, {before});
}

mysql::RowWrite OrderStore::Row(const Order& order) { return OrderRow(order); }

std::vector<mysql::RowWrite> OrderStore::RowsOfSubmitted(const StoredOrder& before, const Order& order) {
  std::vector<mysql::RowWrite> rows = {OrderRow(order)};
  if (!before.account.has_value() && order.kind == OrderKind::kNew) rows.push_back(ReservationOf(order));
  return rows;
}

std::vector<mysql::RowWrite> OrderStore::RowsOfCompleted(const StoredOrder& before, const Order& order) {
  std::vector<mysql::RowWrite> rows = {OrderRow(order)};
  if (!before.account.has_value() && order.kind != OrderKind::kNew) rows.push_back(ReservationOf(order));
  return rows;
}

std::vector<mysql::RowWrite> OrderStore::RowsOfRevised(const Order& before, const Order& order) {
  std::vector<mysql::RowWrite> rows = {OrderRow(order)};
  if (before.WasShown()) rows.push_back(OrderRevisionRow(before));
  return rows;
}

std::vector<mysql::RowWrite> OrderStore::RowsOfConfirmed(const Order& order, const Acceptance& acceptance) {
  return {OrderRow(order), AcceptanceRow(order, acceptance)};
}

}  // namespace countersign::order
