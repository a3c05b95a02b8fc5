#include "billing-service/src/api/subscription_messages.h"

#include <algorithm>
#include <cstdint>

#include "billing-service/src/api/credit_note_messages.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::Subscription::State ToProto(SubscriptionState state) {
  return rpc::EnumNamed<v1::Subscription::State>("STATE_", NameOf(state));
}

v1::Subscription::Tranche ToProto(const Subscription& subscription, const Tranche& tranche) {
  v1::Subscription::Tranche message;
  message.set_quantity(tranche.quantity);
  *message.mutable_unit_price() = rpc::ToProto(tranche.unit_price);
  *message.mutable_start_date() = rpc::ToProto(tranche.start);
  *message.mutable_first_year_start_date() = rpc::ToProto(tranche.first_year_start);
  message.set_price(tranche.origin.price);
  if (tranche.origin.promotion.has_value()) {
    *message.mutable_list_unit_price() = rpc::ToProto(tranche.origin.promotion->list_price);
  }
  if (!HasEnded(subscription)) message.set_cancellable_quantity(tranche.quantity);
  *message.mutable_cancellable_until_date() = rpc::ToProto(CancellableUntil(subscription, tranche));
  message.set_number(tranche.number);
  message.set_purchase_order_number(PurchaseOrderOf(subscription, tranche));
  return message;
}

v1::Subscription::Renewal RenewalOf(const Subscription& subscription) {
  const RenewalPlan& plan = subscription.renewal;
  v1::Subscription::Renewal message;
  message.set_auto_renew(subscription.auto_renew);
  message.set_quantity(plan.quantity > 0 ? plan.quantity : Quantity(subscription));
  message.set_purchase_order_number(plan.purchase_order_number);
  if (plan.source == RenewalSource::kNone) return message;
  message.set_source(rpc::EnumNamed<v1::Subscription::Renewal::Source>("SOURCE_", NameOf(plan.source)));
  if (plan.source == RenewalSource::kParked) return message;
  *message.mutable_unit_price() = rpc::ToProto(plan.unit_price);
  message.set_price(plan.origin.price);
  return message;
}

void AddPartners(const Subscription& subscription, v1::Subscription& message) {
  for (const PartnerAssignment& assignment : subscription.partners) {
    v1::Subscription::PartnerAssignment& added = *message.add_partner_assignments();
    added.set_partner(rpc::FormatName(kPartnerName, {assignment.partner}));
    *added.mutable_start_date() = rpc::ToProto(assignment.start);
    if (assignment.end.has_value()) *added.mutable_end_date() = rpc::ToProto(*assignment.end);
    if (!IsEmpty(assignment)) message.set_partner_of_record(added.partner());
  }
}

}  // namespace

v1::Subscription ToProto(const Subscription& subscription) {
  v1::Subscription message;
  message.set_name(rpc::FormatName(kSubscriptionName, {subscription.account, subscription.id}));
  message.set_state(ToProto(subscription.state));
  message.set_offer(subscription.offer);
  message.set_offer_title(subscription.title);
  message.set_order(OrderNameOf(subscription.order));
  message.set_quantity(Quantity(subscription));
  Date billed_until = CurrentTerm(subscription).end;
  for (const Tranche& tranche : subscription.tranches) {
    if (tranche.quantity < 1) continue;  // All its seats were removed.
    *message.add_tranches() = ToProto(subscription, tranche);
    billed_until = std::min(billed_until, tranche.billed_until);
  }
  *message.mutable_start_date() = rpc::ToProto(CurrentTerm(subscription).start);
  *message.mutable_term_end_date() = rpc::ToProto(CurrentTerm(subscription).end);
  message.set_billing_period_months(static_cast<int32_t>(subscription.billing_months));
  *message.mutable_billed_until_date() = rpc::ToProto(billed_until);
  message.set_etag(rpc::EtagOf(subscription.version));
  *message.mutable_create_time() = rpc::ToProto(subscription.create_time);
  *message.mutable_update_time() = rpc::ToProto(subscription.update_time);
  message.set_trial_days(static_cast<int32_t>(subscription.trial_days));
  *message.mutable_serve_from_date() = rpc::ToProto(ServeFrom(subscription));
  message.set_purchase_order_number(subscription.purchase_order_number);
  *message.mutable_renewal() = RenewalOf(subscription);
  for (const SuspensionReason reason : subscription.suspensions) {
    message.add_suspension_reasons(
        rpc::EnumNamed<v1::Subscription::SuspensionReason>("SUSPENSION_REASON_", NameOf(reason)));
  }
  AddPartners(subscription, message);
  if (subscription.end.has_value()) *message.mutable_end_date() = rpc::ToProto(*subscription.end);
  message.set_cancel_reason(subscription.cancel_reason);
  return message;
}

v1::Subscription::Cancellation ToProto(const Cancellation& cancellation, const CancellationCredit& credit) {
  v1::Subscription::Cancellation message;
  message.set_quantity(cancellation.quantity);
  *message.mutable_end_date() = rpc::ToProto(cancellation.day);
  for (const CreditNote& note : credit.notes) *message.add_credit_notes() = ToProto(note);
  *message.mutable_credited() = rpc::ToProto(credit.credited);
  *message.mutable_fee_reversed() = rpc::ToProto(credit.fee_reversed);
  return message;
}

v1::SubscriptionEvent EventOf(const Subscription& subscription) {
  v1::SubscriptionEvent event;
  event.set_subscription(rpc::FormatName(kSubscriptionName, {subscription.account, subscription.id}));
  event.set_state(ToProto(subscription.state));
  event.set_version(subscription.version);
  event.set_order(OrderNameOf(subscription.order));
  return event;
}

std::string OrderNameOf(const OrderReference& order) {
  return rpc::FormatName(kOrderName, {order.partner, order.order});
}

}  // namespace countersign::billing
