#include "billing-service/src/api/partner_of_record_messages.h"

#include <string>

#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

std::string SubscriptionNameOf(const Subscription& subscription) {
  return rpc::FormatName(kSubscriptionName, {subscription.account, subscription.id});
}

}  // namespace

v1::PartnerSubscription PartnerSubscriptionOf(const Subscription& subscription, const Uuid& partner, Date today) {
  v1::PartnerSubscription message;
  const v1::Subscription whole = ToProto(subscription);
  message.set_subscription(whole.name());
  if (subscription.order.partner == partner) message.set_order(whole.order());
  message.set_offer(whole.offer());
  message.set_offer_title(whole.offer_title());
  message.set_quantity(whole.quantity());
  message.set_state(whole.state());
  *message.mutable_start_date() = whole.start_date();
  *message.mutable_term_end_date() = whole.term_end_date();
  for (const PartnerAssignment& assignment : subscription.partners) {
    const bool past = assignment.end.has_value() && *assignment.end <= today;
    if (assignment.partner != partner || past || IsEmpty(assignment)) continue;
    *message.mutable_of_record_from_date() = rpc::ToProto(assignment.start);
    if (assignment.end.has_value()) *message.mutable_of_record_until_date() = rpc::ToProto(*assignment.end);
    break;
  }
  return message;
}

v1::Subscription::PartnerChange ToProto(const Subscription& subscription, const PartnerChange& change) {
  v1::Subscription::PartnerChange message;
  message.set_subscription(SubscriptionNameOf(subscription));
  message.set_kind(rpc::EnumNamed<v1::Subscription::PartnerChange::Kind>("KIND_", NameOf(change.kind)));
  message.set_old_partner(rpc::FormatName(kPartnerName, {change.from}));
  if (change.to.has_value()) {
    message.set_new_partner(rpc::FormatName(kPartnerName, {*change.to}));
    *message.mutable_opt_out_until_date() = rpc::ToProto(change.effective - 1);
  }
  *message.mutable_effective_date() = rpc::ToProto(change.effective);
  return message;
}

void AddChanged(const Subscription& subscription, const PartnerChange& change, v1::PartnerChangeReport& report) {
  v1::PartnerChangeReport::Entry& entry = *report.add_entries();
  entry.set_subscription(SubscriptionNameOf(subscription));
  *entry.mutable_change() = ToProto(subscription, change);
  report.set_changed_count(report.changed_count() + 1);
}

void AddRefused(const Subscription& subscription, const absl::Status& refusal, v1::PartnerChangeReport& report) {
  v1::PartnerChangeReport::Entry& entry = *report.add_entries();
  entry.set_subscription(SubscriptionNameOf(subscription));
  entry.set_refusal_reason(DetailsOf(refusal).reason);
  entry.set_refusal_message(std::string(refusal.message()));
  report.set_refused_count(report.refused_count() + 1);
}

v1::SubscriptionEvent EventOf(const Subscription& subscription, const PartnerChange& change) {
  v1::SubscriptionEvent event = EventOf(subscription);
  *event.mutable_partner_change() = ToProto(subscription, change);
  return event;
}

}  // namespace countersign::billing
