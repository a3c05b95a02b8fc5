#include "billing-service/src/api/subscription_messages.h"

#include <algorithm>
#include <cstdint>

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::Subscription::State ToProto(SubscriptionState state) {
  return rpc::EnumNamed<v1::Subscription::State>("STATE_", NameOf(state));
}

}  // namespace

v1::Subscription ToProto(const Subscription& subscription) {
  v1::Subscription message;
  message.set_name(rpc::FormatName(kSubscriptionName, {subscription.account, subscription.id}));
  message.set_state(ToProto(subscription.state));
  message.set_offer(subscription.offer);
  message.set_offer_title(subscription.title);
  message.set_order(OrderNameOf(subscription.order));
  message.set_partner_of_record(rpc::FormatName(kPartnerName, {subscription.partners.back().partner}));
  message.set_quantity(Quantity(subscription));
  Date billed_until = CurrentTerm(subscription).end;
  for (const Tranche& tranche : subscription.tranches) {
    v1::Subscription::Tranche& seats = *message.add_tranches();
    seats.set_quantity(tranche.quantity);
    *seats.mutable_unit_price() = rpc::ToProto(tranche.unit_price);
    *seats.mutable_start_date() = rpc::ToProto(tranche.start);
    billed_until = std::min(billed_until, tranche.billed_until);
  }
  *message.mutable_start_date() = rpc::ToProto(CurrentTerm(subscription).start);
  *message.mutable_term_end_date() = rpc::ToProto(CurrentTerm(subscription).end);
  message.set_billing_period_months(static_cast<int32_t>(subscription.billing_months));
  *message.mutable_billed_until_date() = rpc::ToProto(billed_until);
  message.set_etag(rpc::EtagOf(subscription.version));
  *message.mutable_create_time() = rpc::ToProto(subscription.create_time);
  *message.mutable_update_time() = rpc::ToProto(subscription.update_time);
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
