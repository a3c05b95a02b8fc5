#include "billing-service/src/store/subscription_row.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/billing_run.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {
namespace {

// Names separated by commas. Error: INVALID_ARGUMENT for an unknown name.
absl::StatusOr<std::vector<SuspensionReason>> SuspensionsOf(const std::string& text) {
  std::vector<SuspensionReason> reasons;
  for (const absl::string_view name : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::optional<SuspensionReason> reason = FindNamed(kSuspensionReasons, name);
    if (!reason.has_value()) return absl::InvalidArgumentError("an unknown reason");
    reasons.push_back(*reason);
  }
  return reasons;
}

std::string TextOf(const std::vector<SuspensionReason>& reasons) {
  return absl::StrJoin(reasons, ",",
                       [](std::string* text, SuspensionReason reason) { absl::StrAppend(text, NameOf(reason)); });
}

void ReadRenewal(mysql::RowReader& row, RenewalPlan& renewal) {
  renewal.quantity = row.Int();
  renewal.source = row.Enumerated(kRenewalSources);
  const std::string currency = row.Text();
  if (currency.empty()) {
    row.Skip();  // There is no price yet.
  } else {
    renewal.unit_price = row.Amount(currency);
  }
  renewal.origin.price = row.Text();
  renewal.origin.tier_min_quantity = row.Int();
}

Subscription SubscriptionOf(mysql::RowReader& row) {
  Subscription subscription;
  subscription.account = row.Id();
  subscription.id = row.Id();
  row.Skip();  // bucket
  subscription.order.partner = row.Id();
  subscription.order.order = row.Id();
  subscription.offer = row.Text();
  subscription.title = row.Text();
  subscription.anchor = row.Day();
  subscription.trial_days = row.Int();
  subscription.billing_months = row.Int();
  subscription.create_time = row.Time();
  row.Skip();  // bill_date
  subscription.state = row.Enumerated(kSubscriptionStates);
  subscription.term_months = row.Int();
  subscription.committed_months = row.Int();
  subscription.auto_renew = row.Bool();
  ReadRenewal(row, subscription.renewal);
  subscription.suspensions = row.Parsed(SuspensionsOf);
  subscription.cancel_reason = row.Text();
  subscription.end = row.OptionalDay();
  subscription.purchase_order_number = row.Text();
  subscription.renewal.purchase_order_number = row.Text();
  subscription.suspended_on = row.OptionalDay();
  subscription.resumed_on = row.OptionalDay();
  subscription.version = row.Int();
  subscription.update_time = row.Time();
  return subscription;
}

Tranche TrancheOf(mysql::RowReader& row) {
  row.Skip(2);  // account_id, subscription_id
  Tranche tranche;
  tranche.number = row.Int();
  tranche.start = row.Day();
  tranche.first_year_start = row.OptionalDay().value_or(tranche.start);
  const std::string currency = row.Text();
  tranche.unit_price = row.Amount(currency);
  tranche.quantity = row.Int();
  tranche.billed_until = row.Day();
  tranche.origin.price = row.Text();
  tranche.origin.tier_min_quantity = row.Int();
  const Money list_price = row.Amount(currency);
  const std::optional<Date> window_start = row.OptionalDay();
  const std::optional<Date> window_end = row.OptionalDay();
  if (window_start.has_value() && window_end.has_value()) {
    tranche.origin.promotion = Promotion{list_price, {*window_start, *window_end}};
  }
  tranche.removed_quantity = row.Int();
  tranche.removed_on = row.OptionalDay();
  tranche.purchase_order_number = row.Text();
  return tranche;
}

PartnerAssignment AssignmentOf(mysql::RowReader& row) {
  row.Skip(2);  // account_id, subscription_id
  PartnerAssignment assignment;
  assignment.start = row.Day();
  assignment.partner = row.Id();
  assignment.end = row.OptionalDay();
  return assignment;
}

}  // namespace

absl::StatusOr<std::vector<Subscription>> SubscriptionsOf(const std::vector<mysql::Row>& rows) {
  std::vector<Subscription> subscriptions;
  for (const mysql::Row& row : rows) {
    mysql::RowReader reader(row);
    Subscription subscription = SubscriptionOf(reader);
    const Tranche tranche = TrancheOf(reader);
    const PartnerAssignment assignment = AssignmentOf(reader);
    RETURN_IF_ERROR(reader.status());
    if (subscriptions.empty() || subscriptions.back().id != subscription.id) {
      subscriptions.push_back(std::move(subscription));
    }
    std::vector<Tranche>& tranches = subscriptions.back().tranches;
    if (tranches.empty() || tranches.back().number < tranche.number) tranches.push_back(tranche);
    std::vector<PartnerAssignment>& partners = subscriptions.back().partners;
    if (partners.empty() || partners.back().start < assignment.start) partners.push_back(assignment);
  }
  return subscriptions;
}

mysql::RowWrite SubscriptionRow(const Subscription& subscription) {
  const Uuid& account = subscription.account;
  const RenewalPlan& renewal = subscription.renewal;
  return mysql::Put(kSubscriptions, {account,
                                     subscription.id,
                                     events::BucketOf(account),
                                     subscription.order.partner,
                                     subscription.order.order,
                                     subscription.offer,
                                     subscription.title,
                                     subscription.anchor,
                                     subscription.trial_days,
                                     subscription.billing_months,
                                     subscription.create_time,
                                     NextBillDate(subscription),
                                     NameOf(subscription.state),
                                     subscription.term_months,
                                     subscription.committed_months,
                                     subscription.auto_renew,
                                     renewal.quantity,
                                     NameOf(renewal.source),
                                     renewal.unit_price.currency(),
                                     renewal.unit_price.micros(),
                                     renewal.origin.price,
                                     renewal.origin.tier_min_quantity,
                                     TextOf(subscription.suspensions),
                                     subscription.cancel_reason,
                                     subscription.end,
                                     subscription.purchase_order_number,
                                     renewal.purchase_order_number,
                                     subscription.suspended_on,
                                     subscription.resumed_on,
                                     subscription.version,
                                     subscription.update_time});
}

mysql::RowWrite TrancheRow(const Subscription& subscription, const Tranche& tranche) {
  int64_t list_price_micros = 0;
  std::optional<Date> window_start;
  std::optional<Date> window_end;
  if (const std::optional<Promotion>& promotion = tranche.origin.promotion; promotion.has_value()) {
    list_price_micros = promotion->list_price.micros();
    window_start = promotion->window.start;
    window_end = promotion->window.end;
  }
  return mysql::Put(
      kTranches, {subscription.account, subscription.id, tranche.number, tranche.start, tranche.first_year_start,
                  tranche.unit_price.currency(), tranche.unit_price.micros(), tranche.quantity, tranche.billed_until,
                  tranche.origin.price, tranche.origin.tier_min_quantity, list_price_micros, window_start, window_end,
                  tranche.removed_quantity, tranche.removed_on, tranche.purchase_order_number});
}

mysql::RowWrite AssignmentRow(const Subscription& subscription, const PartnerAssignment& assignment) {
  return mysql::Put(kPartnerAssignments,
                    {subscription.account, subscription.id, assignment.start, assignment.partner, assignment.end});
}

}  // namespace countersign::billing
