#include "order-service/src/store/order_store.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "order-service/src/domain/order_number.h"
#include "order-service/src/store/order_row.h"

namespace countersign::order {
namespace {

using mysql::Connection;
using mysql::Row;

// One round trip for everything that a decision needs: three rows by their primary keys.
constexpr absl::string_view kSelectOrder =
    "SELECT " COUNTERSIGN_ORDER_COLUMNS
    ", p.version, p.active, p.inactive_version, a.billing_account_id FROM orders o "
    "LEFT JOIN partner_states p ON p.partner_id = o.partner_id "
    "LEFT JOIN customer_accounts a ON a.partner_id = o.partner_id AND a.customer_id = o.customer_id "
    "AND a.currency = o.currency WHERE o.partner_id = ? AND o.order_id = ?";

constexpr absl::string_view kSelectConfirmed =
    "SELECT " COUNTERSIGN_ORDER_COLUMNS
    ", c.purchase_order_number, c.company_name, c.billing_email, c.billing_address, c.agreement_version, "
    "c.content_sha256, c.ip_address, c.user_agent, c.press_time FROM orders o "
    "JOIN acceptances c ON c.partner_id = o.partner_id AND c.order_id = o.order_id AND c.revision = o.revision "
    "WHERE o.partner_id = ? AND o.order_id = ?";

// A worker's claim crosses tenants: it selects keys only, by the bucket that the worker holds.
constexpr absl::string_view kSelectOverdue =
    "SELECT partner_id, order_id FROM orders WHERE bucket = ? AND state = 'AWAITING_CONFIRMATION' AND expire_time <= ? "
    "ORDER BY expire_time LIMIT ?";

constexpr absl::string_view kInsertOrder =
    "INSERT INTO orders (partner_id, order_id, version, bucket, order_number, state, state_reason, revision, "
    "links_made, kind, customer_id, partner_of_record_id, currency, order_lines, total_micros, billing_period_months, "
    "term_months, requested_start_date, partner_reference, subscriptions, create_time, update_time) "
    "VALUES (?, ?, ?, ?, ?, ?, '', ?, 0, 'NEW', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)";

constexpr absl::string_view kUpdateState =
    "UPDATE orders SET version = ?, state = ?, state_reason = ?, links_made = ?, link_id = ?, subscriptions = ?, "
    "update_time = ? WHERE partner_id = ? AND order_id = ? AND version = ?";

constexpr absl::string_view kUpdateTerms =
    "UPDATE orders SET version = ?, state = ?, state_reason = ?, revision = ?, links_made = ?, currency = ?, "
    "order_lines = ?, total_micros = ?, billing_period_months = ?, requested_start_date = ?, partner_reference = ?, "
    "link_id = ?, billing_account_id = ?, submit_time = ?, expire_time = ?, update_time = ? "
    "WHERE partner_id = ? AND order_id = ? AND version = ?";

// The partner stands behind the order, and goes on doing so until the commit: the row is share-locked, and the one
// statement that changes it waits. Of the three spellings of a share lock this is the one that MariaDB and MySQL have
// in common.
#define COUNTERSIGN_PARTNER_STANDS_BEHIND                                              \
  " AND EXISTS (SELECT 1 FROM partner_states WHERE partner_states.partner_id = ? AND " \
  "partner_states.active = 1 AND partner_states.inactive_version <= ? LOCK IN SHARE MODE)"

constexpr absl::string_view kSubmitOrder =
    "UPDATE orders SET version = ?, state = ?, links_made = ?, order_lines = ?, total_micros = ?, link_id = ?, "
    "billing_account_id = ?, submit_time = ?, expire_time = ?, seller_version = ?, update_time = ? "
    "WHERE partner_id = ? AND order_id = ? AND version = ?" COUNTERSIGN_PARTNER_STANDS_BEHIND;

constexpr absl::string_view kConfirmOrder =
    "UPDATE orders SET version = ?, state = ?, confirm_time = ?, start_date = ?, update_time = ? "
    "WHERE partner_id = ? AND order_id = ? AND version = ?" COUNTERSIGN_PARTNER_STANDS_BEHIND;

constexpr absl::string_view kInsertAcceptance =
    "INSERT INTO acceptances (partner_id, order_id, revision, link_id, purchase_order_number, company_name, "
    "billing_email, billing_address, agreement_version, content_sha256, ip_address, user_agent, press_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kKeepRevision =
    "INSERT INTO order_revisions (partner_id, order_id, revision, state, state_reason, currency, order_lines, "
    "total_micros, billing_period_months, term_months, requested_start_date, partner_reference, link_id, submit_time, "
    "expire_time) SELECT partner_id, order_id, revision, state, state_reason, currency, order_lines, total_micros, "
    "billing_period_months, term_months, requested_start_date, partner_reference, link_id, submit_time, expire_time "
    "FROM orders WHERE partner_id = ? AND order_id = ? AND version = ?";

// The account is derived from the key, so a row that is there already says the same.
constexpr absl::string_view kInsertAccount =
    "INSERT INTO customer_accounts (partner_id, customer_id, currency, billing_account_id) VALUES (?, ?, ?, ?) "
    "ON DUPLICATE KEY UPDATE billing_account_id = billing_account_id";

// The versions last: assignments are made from left to right, and the others need the versions of before. A change of
// an inactive partner that gives no reason keeps that of its suspension.
constexpr absl::string_view kUpsertPartnerState =
    "INSERT INTO partner_states (partner_id, version, active, bucket, inactive_version, withdrawing, withdraw_reason) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE active = IF(? > version, ?, active), "
    "withdrawing = IF(? > inactive_version, 1, withdrawing), "
    "withdraw_reason = IF(? > inactive_version AND ? <> '', ?, withdraw_reason), "
    "version = GREATEST(version, ?), inactive_version = GREATEST(inactive_version, ?)";

constexpr absl::string_view kSelectPartnerState =
    "SELECT version, active, inactive_version FROM partner_states WHERE partner_id = ?";

absl::Status OrderNotFound() { return NotFound("ORDER_NOT_FOUND", "there is no such order"); }

absl::Status WriteState(Connection& connection, const Order& order) {
  return connection.ExecuteGuarded(
      kUpdateState,
      {order.version, Name(order.state), order.state_reason, order.links_made, order.link, IdsText(order.subscriptions),
       order.update_time, order.name.partner, order.name.id, order.version - 1});
}

absl::Status WriteTerms(Connection& connection, const Order& order) {
  const OrderTerms& terms = order.terms;
  return connection.ExecuteGuarded(
      kUpdateTerms,
      {order.version, Name(order.state), order.state_reason, order.revision, order.links_made, terms.currency,
       LinesText(terms.lines), terms.total.micros(), terms.billing_period_months, terms.requested_start,
       terms.partner_reference, order.link, order.billing_account, order.submit_time, order.expire_time,
       order.update_time, order.name.partner, order.name.id, order.version - 1});
}

absl::Status WritePartnerState(Connection& connection, const Uuid& partner, const PartnerState& state,
                               absl::string_view withdraw_reason) {
  const bool withdrawing = state.inactive_version > 0;
  return connection
      .Execute(kUpsertPartnerState,
               {partner, state.version, state.active, events::BucketOf(partner), state.inactive_version, withdrawing,
                withdraw_reason, state.version, state.active, state.inactive_version, state.inactive_version,
                withdraw_reason, withdraw_reason, state.version, state.inactive_version})
      .status();
}

absl::Status WriteSubmitted(Connection& connection, const Order& order) {
  const OrderTerms& terms = order.terms;
  return connection.ExecuteGuarded(
      kSubmitOrder,
      {order.version, Name(order.state), order.links_made, LinesText(terms.lines), terms.total.micros(), order.link,
       order.billing_account, order.submit_time, order.expire_time, order.seller_version, order.update_time,
       order.name.partner, order.name.id, order.version - 1, order.name.partner, order.seller_version});
}

}  // namespace

absl::StatusOr<StoredOrder> OrderStore::Get(absl::Time deadline, const OrderName& name) {
  std::optional<Row> row;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(row, reader.QueryOne(kSelectOrder, {name.partner, name.id}));
    return absl::OkStatus();
  }));
  if (!row.has_value()) return OrderNotFound();
  ASSIGN_OR_RETURN(Order order, ReadOrder(*row));
  const PartnerState partner{row->Int(kOrderColumns), row->Bool(kOrderColumns + 1), row->Int(kOrderColumns + 2)};
  if (order.state == OrderState::kAwaitingConfirmation && order.seller_version == 0) {
    order.seller_version = partner.AssumedSellerVersion();
  }
  return StoredOrder{std::move(order), partner, !row->IsNull(kOrderColumns + 3)};
}

absl::StatusOr<ConfirmedOrder> OrderStore::GetConfirmed(absl::Time deadline, const OrderName& name) {
  std::optional<Row> row;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(row, reader.QueryOne(kSelectConfirmed, {name.partner, name.id}));
    return absl::OkStatus();
  }));
  if (!row.has_value()) return OrderNotFound();
  ASSIGN_OR_RETURN(Order order, ReadOrder(*row));
  ASSIGN_OR_RETURN(Acceptance acceptance, ReadAcceptance(*row, kOrderColumns));
  return ConfirmedOrder{std::move(order), std::move(acceptance)};
}

absl::StatusOr<std::vector<OrderName>> OrderStore::ListOverdue(absl::Time deadline, int bucket, absl::Time now,
                                                               int limit) {
  std::vector<OrderName> names;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Row> rows, reader.Query(kSelectOverdue, {bucket, now, limit}));
    names.clear();
    for (const Row& row : rows) names.push_back({row.Id(0), row.Id(1)});
    return absl::OkStatus();
  }));
  return names;
}

absl::Status OrderStore::Create(absl::Time deadline, const Order& order, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](Connection& connection) -> absl::Status {
    const OrderTerms& terms = order.terms;
    const absl::Status inserted =
        connection
            .Execute(
                kInsertOrder,
                {order.name.partner, order.name.id, order.version, events::BucketOf(order.name.partner),
                 OrderNumber(order.name.id), Name(order.state), order.revision, order.customer, order.partner_of_record,
                 terms.currency, LinesText(terms.lines), terms.total.micros(), terms.billing_period_months, kTermMonths,
                 terms.requested_start, terms.partner_reference, order.create_time, order.update_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
  });
}

absl::Status OrderStore::Update(absl::Time deadline, const Order& order, const events::Change& change) {
  return events::Commit(database_, deadline, change,
                        [&](Connection& connection) { return WriteState(connection, order); });
}

absl::Status OrderStore::Submit(absl::Time deadline, const StoredOrder& before, const Order& order,
                                const PartnerState& partner, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](Connection& connection) -> absl::Status {
    if (partner.IsNewsTo(before.partner)) {
      RETURN_IF_ERROR(WritePartnerState(connection, order.name.partner, partner, /*withdraw_reason=*/""));
    }
    RETURN_IF_ERROR(WriteSubmitted(connection, order));
    if (before.account_known) return absl::OkStatus();
    return connection
        .Execute(kInsertAccount, {order.name.partner, order.customer, order.terms.currency, *order.billing_account})
        .status();
  });
}

absl::Status OrderStore::Revise(absl::Time deadline, const Order& before, const Order& order,
                                const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](Connection& connection) -> absl::Status {
    if (before.WasShown()) {
      RETURN_IF_ERROR(connection.ExecuteGuarded(kKeepRevision, {before.name.partner, before.name.id, before.version}));
    }
    return WriteTerms(connection, order);
  });
}

absl::Status OrderStore::Confirm(absl::Time deadline, const Order& order, const Acceptance& acceptance,
                                 const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.ExecuteGuarded(
        kConfirmOrder,
        {order.version, Name(order.state), order.confirm_time, order.start_date, order.update_time, order.name.partner,
         order.name.id, order.version - 1, order.name.partner, order.seller_version}));
    return connection
        .Execute(kInsertAcceptance,
                 {order.name.partner, order.name.id, order.revision, order.link, acceptance.purchase_order_number,
                  acceptance.company_name, acceptance.billing_email, AddressText(acceptance.billing_address),
                  acceptance.agreement_version, acceptance.content_sha256, acceptance.ip_address, acceptance.user_agent,
                  acceptance.press_time})
        .status();
  });
}

absl::StatusOr<PartnerState> OrderStore::GetPartnerState(absl::Time deadline, const Uuid& partner) {
  std::optional<Row> row;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(row, reader.QueryOne(kSelectPartnerState, {partner}));
    return absl::OkStatus();
  }));
  return row.has_value() ? PartnerState{row->Int(0), row->Bool(1), row->Int(2)} : PartnerState{};
}

absl::Status OrderStore::ApplyPartnerState(absl::Time deadline, const Uuid& partner, const PartnerState& state,
                                           absl::string_view withdraw_reason, const events::Change& change) {
  const auto write = [&](Connection& connection) {
    return WritePartnerState(connection, partner, state, withdraw_reason);
  };
  const absl::Status applied = events::Commit(database_, deadline, change, write);
  // The event is there: a replica of before inactive_version applied this state, and what it left out is still missing.
  // Nothing else loses a race here, and the row takes over only what is new, so it can be written again at any time.
  return IsLostRace(applied) ? database_.Transact(deadline, write) : applied;
}

}  // namespace countersign::order
