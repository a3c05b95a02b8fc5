#include "billing-service/src/store/subscription_store.h"

#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/store/columns.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kSelectSubscription =
    "SELECT subscription_id, partner_id, order_id, offer, title, state, start_date, billing_months, term_months, "
    "committed_months, version, create_time, update_time FROM subscriptions "
    "WHERE account_id = ? AND subscription_id = ?";

constexpr absl::string_view kSelectDue =
    "SELECT subscription_id, partner_id, order_id, offer, title, state, start_date, billing_months, term_months, "
    "committed_months, version, create_time, update_time FROM subscriptions "
    "WHERE account_id = ? AND bill_date <= ? ORDER BY create_time, subscription_id";

constexpr absl::string_view kSelectPage =
    "SELECT subscription_id, partner_id, order_id, offer, title, state, start_date, billing_months, term_months, "
    "committed_months, version, create_time, update_time FROM subscriptions "
    "WHERE account_id = ? AND subscription_id > ?";
constexpr absl::string_view kInOrderOfId = " ORDER BY subscription_id LIMIT ?";

constexpr absl::string_view kSelectTranches =
    "SELECT tranche, start_date, quantity, unit_price_micros, currency, billed_until_date FROM tranches "
    "WHERE account_id = ? AND subscription_id = ? ORDER BY tranche";

constexpr absl::string_view kSelectAssignments =
    "SELECT partner_id, start_date, end_date FROM partner_assignments "
    "WHERE account_id = ? AND subscription_id = ? ORDER BY start_date";

constexpr absl::string_view kInsertSubscription =
    "INSERT INTO subscriptions (account_id, subscription_id, bucket, partner_id, order_id, offer, title, state, "
    "start_date, billing_months, term_months, committed_months, bill_date, version, create_time, update_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kInsertTranche =
    "INSERT INTO tranches (account_id, subscription_id, tranche, start_date, quantity, unit_price_micros, currency, "
    "billed_until_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kInsertAssignment =
    "INSERT INTO partner_assignments (account_id, subscription_id, start_date, end_date, partner_id) "
    "VALUES (?, ?, ?, ?, ?)";

constexpr absl::string_view kUpdateSubscription =
    "UPDATE subscriptions SET state = ?, bill_date = ?, version = ?, update_time = ? "
    "WHERE account_id = ? AND subscription_id = ? AND version = ?";

constexpr absl::string_view kUpdateTranche =
    "UPDATE tranches SET billed_until_date = ? WHERE account_id = ? AND subscription_id = ? AND tranche = ?";

using State = SubscriptionState;

absl::StatusOr<Subscription> SubscriptionOf(const Uuid& account, const mysql::Row& row) {
  Subscription subscription;
  subscription.id = row.Id(0);
  subscription.account = account;
  subscription.order = {row.Id(1), row.Id(2)};
  subscription.offer = row.Bytes(3);
  subscription.title = row.Bytes(4);
  ASSIGN_OR_RETURN(subscription.state,
                   StateNamed(row.Bytes(5), {State::kPending, State::kActive, State::kPastDue, State::kSuspended,
                                             State::kCancelled, State::kExpired}));
  subscription.anchor = row.Day(6);
  subscription.billing_months = row.Int(7);
  subscription.term_months = row.Int(8);
  subscription.committed_months = row.Int(9);
  subscription.version = row.Int(10);
  subscription.create_time = row.Time(11);
  subscription.update_time = row.Time(12);
  return subscription;
}

absl::Status ReadParts(mysql::Connection& connection, Subscription& subscription) {
  const std::vector<mysql::Parameter> key = {subscription.account, subscription.id};
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> tranches, connection.Query(kSelectTranches, key));
  for (const mysql::Row& row : tranches) {
    subscription.tranches.push_back({row.Int(0), row.Day(1), row.Int(2), MoneyAt(row, 3, 4), row.Day(5)});
  }
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> partners, connection.Query(kSelectAssignments, key));
  for (const mysql::Row& row : partners) {
    subscription.partners.push_back({row.Id(0), row.Day(1), row.OptionalDay(2)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Subscription>> ReadAll(mysql::Connection& connection, const Uuid& account,
                                                  absl::string_view sql,
                                                  const std::vector<mysql::Parameter>& parameters) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, connection.Query(sql, parameters));
  std::vector<Subscription> subscriptions;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Subscription subscription, SubscriptionOf(account, row));
    RETURN_IF_ERROR(ReadParts(connection, subscription));
    subscriptions.push_back(std::move(subscription));
  }
  return subscriptions;
}

}  // namespace

absl::StatusOr<std::optional<Subscription>> SubscriptionStore::Find(absl::Time deadline, const Uuid& account,
                                                                    const Uuid& subscription) const {
  std::vector<Subscription> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(found, ReadAll(reader, account, kSelectSubscription, {account, subscription}));
    return absl::OkStatus();
  }));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

absl::StatusOr<mysql::Page<Subscription>> SubscriptionStore::List(absl::Time deadline, const Uuid& account,
                                                                  const mysql::PageQuery& query) const {
  const auto statement =
      mysql::StatementOf(kSelectPage, {account, mysql::IdPosition(query.after)}, query, kInOrderOfId);
  std::vector<Subscription> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(found, ReadAll(reader, account, statement.sql, statement.parameters));
    return absl::OkStatus();
  }));
  return mysql::PageOf<Subscription>(std::move(found), query.size,
                                     [](const Subscription& subscription) { return subscription.id.ToString(); });
}

absl::StatusOr<std::vector<Subscription>> SubscriptionStore::ListDue(absl::Time deadline, const Uuid& account,
                                                                     Date date) const {
  std::vector<Subscription> due;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(due, ReadAll(reader, account, kSelectDue, {account, date}));
    return absl::OkStatus();
  }));
  return due;
}

absl::Status InsertSubscription(mysql::Connection& connection, const Subscription& subscription) {
  const Uuid& account = subscription.account;
  RETURN_IF_ERROR(DuplicateAsLostRace(
      connection
          .Execute(kInsertSubscription,
                   {account, subscription.id, events::BucketOf(account), subscription.order.partner,
                    subscription.order.order, subscription.offer, subscription.title, Name(subscription.state),
                    subscription.anchor, subscription.billing_months, subscription.term_months,
                    subscription.committed_months, NextBillDate(subscription), subscription.version,
                    subscription.create_time, subscription.update_time})
          .status()));
  for (const Tranche& tranche : subscription.tranches) {
    RETURN_IF_ERROR(
        connection
            .Execute(kInsertTranche, {account, subscription.id, tranche.number, tranche.start, tranche.quantity,
                                      tranche.unit_price.micros(), tranche.unit_price.currency(), tranche.billed_until})
            .status());
  }
  for (const PartnerAssignment& assignment : subscription.partners) {
    RETURN_IF_ERROR(connection
                        .Execute(kInsertAssignment,
                                 {account, subscription.id, assignment.start, assignment.end, assignment.partner})
                        .status());
  }
  return absl::OkStatus();
}

absl::Status UpdateBilledUntil(mysql::Connection& connection, const Subscription& subscription) {
  RETURN_IF_ERROR(connection.ExecuteGuarded(
      kUpdateSubscription,
      {Name(subscription.state), NextBillDate(subscription), subscription.version, subscription.update_time,
       subscription.account, subscription.id, subscription.version - 1}));
  for (const Tranche& tranche : subscription.tranches) {
    RETURN_IF_ERROR(connection.ExecuteGuarded(
        kUpdateTranche, {tranche.billed_until, subscription.account, subscription.id, tranche.number}));
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
