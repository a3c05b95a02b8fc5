#include "billing-service/src/store/subscription_store.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/subscription_row.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kOfPartner =
    " FROM partner_assignments p JOIN subscriptions s ON s.account_id = p.account_id "
    "AND s.subscription_id = p.subscription_id WHERE p.partner_id = ? AND p.start_date <= ? "
    "AND (p.end_date IS NULL OR p.end_date > GREATEST(?, p.start_date)) "
    // Of several assignments of the partner the last one: a page counts each subscription once.
    "AND NOT EXISTS (SELECT 1 FROM partner_assignments q WHERE q.account_id = p.account_id "
    "AND q.subscription_id = p.subscription_id AND q.partner_id = p.partner_id AND q.start_date > p.start_date "
    "AND q.start_date <= ? AND (q.end_date IS NULL OR q.end_date > GREATEST(?, q.start_date))) "
    "AND (p.account_id > ? OR (p.account_id = ? AND p.subscription_id > ?))";
constexpr absl::string_view kOfPartnerEnd = " ORDER BY p.account_id, p.subscription_id LIMIT ?) s";
constexpr absl::string_view kByAccount = "ORDER BY s.account_id, s.subscription_id, t.tranche, p.start_date";

// A subscription has at least one tranche and one partner of record, and few of either: their product in one statement
// costs less than a statement for each.
std::string SelectSubscriptionAndParts() {
  return absl::StrCat("SELECT ", ColumnsOf(kSubscriptions, "s"), ", ", ColumnsOf(kTranches, "t"), ", ",
                      ColumnsOf(kPartnerAssignments, "p"));
}
constexpr absl::string_view kJoinParts =
    " JOIN tranches t FORCE INDEX (PRIMARY) ON t.account_id = s.account_id AND t.subscription_id = s.subscription_id "
    "JOIN partner_assignments p FORCE INDEX (PRIMARY) "
    "ON p.account_id = s.account_id AND p.subscription_id = s.subscription_id ";

const mysql::KeyedSelect& SelectDue() {
  static const auto* const select =
      new mysql::KeyedSelect{.select = absl::StrCat(SelectSubscriptionAndParts(), " FROM subscriptions s",
                                                    mysql::kByPrimaryKey, kJoinParts, "AND s.bill_date <= ?"),
                             .key = "s.account_id",
                             .rest = "ORDER BY s.create_time, s.subscription_id, t.tranche, p.start_date"};
  return *select;
}

const mysql::KeyedSelect& SelectEach() {
  static const auto* const select = new mysql::KeyedSelect{
      .select = absl::StrCat(SelectSubscriptionAndParts(), " FROM subscriptions s", mysql::kByPrimaryKey, kJoinParts),
      .key = "s.account_id, s.subscription_id",
      .rest = "ORDER BY s.account_id, s.subscription_id, t.tranche, p.start_date"};
  return *select;
}

constexpr absl::string_view kSubscriptionByKey =
    "WHERE s.account_id = ? AND s.subscription_id = ? ORDER BY t.tranche, p.start_date";
constexpr absl::string_view kSubscriptionsLiving =
    "WHERE s.account_id = ? AND s.state NOT IN (?, ?) ORDER BY s.subscription_id, t.tranche, p.start_date";
constexpr absl::string_view kSubscriptionsAfter = "WHERE account_id = ? AND subscription_id > ?";
constexpr absl::string_view kSubscriptionPageEnd = " ORDER BY subscription_id LIMIT ?) s";
constexpr absl::string_view kSubscriptionsById = "ORDER BY s.subscription_id, t.tranche, p.start_date";
constexpr absl::string_view kSubscriptionsByTime = "ORDER BY s.create_time, s.subscription_id, t.tranche, p.start_date";

mysql::PageStatement ListById(const Uuid& account, const mysql::PageQuery& query) {
  const std::string select =
      absl::StrCat(SelectSubscriptionAndParts(), " FROM (", mysql::SelectFrom(kSubscriptions, kSubscriptionsAfter));
  return mysql::StatementOf(select, {account, mysql::IdPosition(query.after)}, query,
                            absl::StrCat(kSubscriptionPageEnd, kJoinParts, kSubscriptionsById));
}

}  // namespace

std::vector<mysql::FilterField> SubscriptionFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kSubscriptionStates)},
          {"offer", "offer", kAscii},
          {"order", "order_id", kName, {kOrderName}},
          {"renewal_source", "renewal_source", kEnum, NamesIn(kRenewalSources)},
          {"start_date", "start_date", kDate},
          {"create_time", "create_time", kTime}};
}

std::vector<mysql::FilterField> PartnerSubscriptionFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kSubscriptionStates)}, {"offer", "offer", kAscii}};
}

absl::Status SubscriptionNotFound(const Uuid& account, const Uuid& subscription) {
  return NotFound("SUBSCRIPTION_NOT_FOUND", "The billing account has no such subscription.",
                  {{"billingAccount", account.ToString()}, {"subscription", subscription.ToString()}});
}

void HideEnded(mysql::Condition& condition) { condition.sql += " AND state NOT IN ('CANCELLED', 'EXPIRED')"; }

absl::StatusOr<Subscription> SubscriptionStore::Get(absl::Time deadline, const Uuid& account,
                                                    const Uuid& subscription) const {
  const std::string sql = absl::StrCat(SelectSubscriptionAndParts(), " FROM subscriptions s", mysql::kByPrimaryKey,
                                       kJoinParts, kSubscriptionByKey);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, sql, {account, subscription}));
  ASSIGN_OR_RETURN(std::vector<Subscription> found, SubscriptionsOf(rows));
  if (!found.empty()) return std::move(found.front());
  return SubscriptionNotFound(account, subscription);
}

absl::StatusOr<std::vector<absl::StatusOr<Subscription>>> SubscriptionStore::GetEach(
    absl::Time deadline, const std::vector<std::pair<Uuid, Uuid>>& subscriptions) const {
  std::vector<std::vector<mysql::Parameter>> keys;
  for (const auto& [account, subscription] : subscriptions) keys.push_back({account, subscription});
  ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> rows,
                   mysql::ReadByKeys(database_, deadline, SelectEach(), keys, {}));
  std::vector<absl::StatusOr<Subscription>> found;
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::StatusOr<std::vector<Subscription>> read = SubscriptionsOf(rows[i]);
    if (!read.ok()) {
      found.push_back(read.status());
    } else if (read->empty()) {
      found.push_back(SubscriptionNotFound(subscriptions[i].first, subscriptions[i].second));
    } else {
      found.push_back(std::move(read->front()));
    }
  }
  return found;
}

absl::StatusOr<mysql::Page<Subscription>> SubscriptionStore::List(absl::Time deadline,
                                                                  const std::optional<Uuid>& account,
                                                                  const mysql::PageQuery& query) const {
  const mysql::PageStatement statement = account.has_value() ? ListById(*account, query) : ListOfAll(query);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, statement.sql, statement.parameters));
  ASSIGN_OR_RETURN(std::vector<Subscription> found, SubscriptionsOf(rows));
  return mysql::PageOf<Subscription>(std::move(found), statement.size, [&](const Subscription& subscription) {
    if (account.has_value()) return subscription.id.ToString();
    return mysql::TimePosition{subscription.create_time, subscription.id}.ToText();
  });
}

mysql::PageStatement SubscriptionStore::ListOfAll(const mysql::PageQuery& query) {
  mysql::PageStatement statement =
      mysql::TimePageStatement(kSubscriptions, "", "create_time", "subscription_id", {}, query);
  statement.sql =
      absl::StrCat(SelectSubscriptionAndParts(), " FROM (", statement.sql, ") s", kJoinParts, kSubscriptionsByTime);
  return statement;
}

absl::StatusOr<mysql::Page<Subscription>> SubscriptionStore::ListAssigned(absl::Time deadline, const Uuid& partner,
                                                                          Date begun, Date today,
                                                                          const SubscriptionPosition& after,
                                                                          const mysql::PageQuery& query) const {
  const std::string select =
      absl::StrCat(SelectSubscriptionAndParts(), " FROM (SELECT ", ColumnsOf(kSubscriptions, "s"), kOfPartner);
  const mysql::PageStatement statement = mysql::StatementOf(
      select, {partner, begun, today, begun, today, after.account, after.account, after.subscription}, query,
      absl::StrCat(kOfPartnerEnd, kJoinParts, kByAccount));
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, statement.sql, statement.parameters));
  ASSIGN_OR_RETURN(std::vector<Subscription> found, SubscriptionsOf(rows));
  return mysql::PageOf<Subscription>(std::move(found), statement.size, [](const Subscription& subscription) {
    return absl::StrCat(subscription.account.ToString(), "/", subscription.id.ToString());
  });
}

absl::StatusOr<mysql::Page<Subscription>> SubscriptionStore::ListOfPartner(absl::Time deadline, const Uuid& partner,
                                                                           Date today,
                                                                           const mysql::PageQuery& query) const {
  const std::pair<std::string, std::string> ids = absl::StrSplit(query.after, absl::MaxSplits('/', 1));
  return ListAssigned(deadline, partner, today, today, {mysql::IdPosition(ids.first), mysql::IdPosition(ids.second)},
                      query);
}

absl::StatusOr<mysql::Page<Subscription>> SubscriptionStore::ListRunningOfPartner(absl::Time deadline,
                                                                                  const Uuid& partner, Date today,
                                                                                  const SubscriptionPosition& after,
                                                                                  int count) const {
  mysql::PageQuery query = {.size = count};
  HideEnded(query.condition);
  return ListAssigned(deadline, partner, Date(9999, 12, 31), today, after, query);
}

absl::StatusOr<std::vector<Subscription>> SubscriptionStore::ListDue(absl::Time deadline, const Uuid& account,
                                                                     Date date) const {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, database_.ReadByKey(deadline, SelectDue(), {account}, {date}));
  return SubscriptionsOf(rows);
}

absl::StatusOr<std::vector<absl::StatusOr<std::vector<Subscription>>>> SubscriptionStore::ListDueOfEach(
    absl::Time deadline, const std::vector<Uuid>& accounts, Date date) const {
  std::vector<std::vector<mysql::Parameter>> keys;
  for (const Uuid& account : accounts) keys.push_back({account});
  ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> rows,
                   mysql::ReadByKeys(database_, deadline, SelectDue(), keys, {date}));
  std::vector<absl::StatusOr<std::vector<Subscription>>> due;
  for (const std::vector<mysql::Row>& of_account : rows) due.push_back(SubscriptionsOf(of_account));
  return due;
}

absl::StatusOr<std::vector<Subscription>> SubscriptionStore::ListLiving(absl::Time deadline,
                                                                        const Uuid& account) const {
  const std::string sql = absl::StrCat(SelectSubscriptionAndParts(), " FROM subscriptions s", mysql::kByPrimaryKey,
                                       kJoinParts, kSubscriptionsLiving);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, mysql::ReadRows(database_, deadline, sql,
                                                                       {account, NameOf(SubscriptionState::kCancelled),
                                                                        NameOf(SubscriptionState::kExpired)}));
  return SubscriptionsOf(rows);
}

std::vector<mysql::RowWrite> SubscriptionStore::Rows(const Subscription& subscription) {
  std::vector<mysql::RowWrite> rows = BilledRows(subscription);
  for (const PartnerAssignment& assignment : subscription.partners)
    rows.push_back(AssignmentRow(subscription, assignment));
  return rows;
}

std::vector<mysql::RowWrite> SubscriptionStore::BilledRows(const Subscription& subscription) {
  std::vector<mysql::RowWrite> rows = {SubscriptionRow(subscription)};
  for (const Tranche& tranche : subscription.tranches) rows.push_back(TrancheRow(subscription, tranche));
  return rows;
}

std::vector<mysql::RowWrite> SubscriptionStore::BilledRows(const Subscription& before, const Subscription& after) {
  std::vector<mysql::RowWrite> rows = {SubscriptionRow(after)};
  for (size_t i = 0; i < after.tranches.size(); ++i) {
    const bool same = i < before.tranches.size() && before.tranches[i] == after.tranches[i];
    if (!same) rows.push_back(TrancheRow(after, after.tranches[i]));
  }
  return rows;
}

}  // namespace countersign::billing
