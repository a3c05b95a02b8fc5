#include "order-service/src/api/order_messages.h"

#include <optional>
#include <string>

#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/price_messages.h"
#include "order-service/src/api/promotion_messages.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

v1::Order::State ToProto(OrderState state) { return rpc::EnumNamed<v1::Order::State>("STATE_", NameOf(state)); }

std::string LinkNameOf(const Uuid& link) { return rpc::FormatName(kLinkName, {link}); }

void AddChange(const OrderLine& line, v1::Order::Line& added) {
  added.set_subscription(rpc::FormatName(kSubscriptionName, {line.subscription->account, line.subscription->id}));
  added.set_at_renewal(line.at_renewal);
  added.set_seats_before(line.seats_before);
  added.set_seats_after(line.seats_after);
  *added.mutable_renewal_date() = rpc::ToProto(line.renewal_date);
}

// To an Order or an OrderRevision.
template <typename Proto>
void AddTerms(const OrderTerms& terms, Proto& proto) {
  proto.set_currency_code(terms.currency);
  for (const OrderLine& line : terms.lines) {
    v1::Order::Line& added = *proto.add_lines();
    if (line.transfer_code.has_value()) {  // The asking partner learns nothing of the subscription.
      added.set_former_partner_display_name(line.former_partner_name);
      continue;
    }
    added.set_offer(OfferNameOf(line.offer_id));
    added.set_quantity(line.quantity.seats());
    added.set_offer_title(line.offer_title);
    if (!line.price_id.empty()) added.set_price(PriceNameOf(line.offer_id, line.price_id));
    *added.mutable_unit_price() = rpc::ToProto(line.unit_price);
    *added.mutable_amount() = rpc::ToProto(line.amount);
    *added.mutable_list_unit_price() = rpc::ToProto(line.list_unit_price);
    added.set_tier_minimum_quantity(line.tier_minimum);
    added.set_offer_description(line.offer_description);
    if (line.subscription.has_value()) AddChange(line, added);
    if (line.promotion_id.empty()) continue;
    added.set_promotion(PromotionNameOf(line.offer_id, line.promotion_id));
    added.set_promotion_title(line.promotion_title);
    added.set_trial_days(line.trial_days);
  }
  *proto.mutable_total() = rpc::ToProto(terms.total);
  proto.set_billing_period(terms.billing_period_months == 12 ? v1::Order::BILLING_PERIOD_ANNUAL
                                                             : v1::Order::BILLING_PERIOD_MONTHLY);
  proto.set_term_months(kTermMonths);
  if (terms.requested_start.has_value()) {
    *proto.mutable_requested_start_date() = rpc::ToProto(*terms.requested_start);
  }
  proto.set_partner_reference(terms.partner_reference);
  proto.set_customer_note(terms.customer_note);
  proto.set_purchase_order_number(terms.purchase_order_number);
  proto.set_region_code(terms.region);
}

void AddProgress(const Order& order, v1::Order& proto) {
  if (order.link.has_value()) proto.set_link(LinkNameOf(*order.link));
  if (order.expire_time.has_value()) *proto.mutable_expire_time() = rpc::ToProto(*order.expire_time);
  if (order.submit_time.has_value()) *proto.mutable_submit_time() = rpc::ToProto(*order.submit_time);
  if (order.confirm_time.has_value()) *proto.mutable_confirm_time() = rpc::ToProto(*order.confirm_time);
  if (order.press_time.has_value()) *proto.mutable_press_time() = rpc::ToProto(*order.press_time);
  if (order.start_date.has_value()) *proto.mutable_start_date() = rpc::ToProto(*order.start_date);
  if (!order.billing_account.has_value()) return;
  proto.set_billing_account(rpc::FormatName(kAccountName, {*order.billing_account}));
  for (const Uuid& subscription : order.subscriptions) {
    proto.add_subscriptions(rpc::FormatName(kSubscriptionName, {*order.billing_account, subscription}));
  }
}

}  // namespace

std::string OrderNameOf(const OrderName& name) { return rpc::FormatName(kOrderName, {name.partner, name.id}); }

std::string CustomerNameOf(const Order& order) {
  return rpc::FormatName(kCustomerName, {order.name.partner, order.customer});
}

v1::Order ToProto(const Order& order) {
  v1::Order proto;
  proto.set_name(OrderNameOf(order.name));
  proto.set_order_number(OrderNumber(order.name.id));
  proto.set_state(ToProto(order.state));
  proto.set_state_reason(order.state_reason);
  proto.set_revision(order.revision);
  proto.set_kind(rpc::EnumNamed<v1::Order::Kind>("KIND_", NameOf(order.kind)));
  proto.set_customer(CustomerNameOf(order));
  proto.set_partner_of_record(rpc::FormatName(kPartnerName, {order.partner_of_record}));
  AddTerms(order.terms, proto);
  if (order.kind != OrderKind::kChangeSeats) *proto.mutable_commitment() = rpc::ToProto(order.terms.Commitment());
  *proto.mutable_list_total() = rpc::ToProto(order.terms.ListTotal());
  AddProgress(order, proto);
  proto.set_etag(rpc::EtagOf(order.version));
  *proto.mutable_create_time() = rpc::ToProto(order.create_time);
  *proto.mutable_update_time() = rpc::ToProto(order.update_time);
  proto.set_payer_on_file(order.payer_on_file);
  if (order.erase_time.has_value()) *proto.mutable_erase_time() = rpc::ToProto(*order.erase_time);
  return proto;
}

v1::OrderRevision ToProto(const OrderRevision& revision) {
  v1::OrderRevision proto;
  proto.set_name(absl::StrCat(OrderNameOf(revision.order), kRevisionsPart, revision.revision));
  proto.set_revision(revision.revision);
  proto.set_state(ToProto(revision.state));
  proto.set_state_reason(revision.state_reason);
  AddTerms(revision.terms, proto);
  if (revision.link.has_value()) proto.set_link(LinkNameOf(*revision.link));
  if (revision.submit_time.has_value()) *proto.mutable_submit_time() = rpc::ToProto(*revision.submit_time);
  if (revision.expire_time.has_value()) *proto.mutable_expire_time() = rpc::ToProto(*revision.expire_time);
  return proto;
}

v1::OrderEvent EventOf(const Order& before, const Order& after) {
  v1::OrderEvent event;
  event.set_order(OrderNameOf(after.name));
  event.set_state(ToProto(after.state));
  event.set_revision(after.revision);
  event.set_version(after.version);
  if (after.link.has_value()) event.set_link(LinkNameOf(*after.link));
  const std::optional<Uuid> ended = EndedLink(before, after);
  if (ended.has_value()) event.set_ended_link(LinkNameOf(*ended));
  const bool extended = before.state == after.state && before.expire_time != after.expire_time;
  if (extended && after.expire_time.has_value()) *event.mutable_expire_time() = rpc::ToProto(*after.expire_time);
  if (before.press_time != after.press_time) *event.mutable_press_time() = rpc::ToProto(*after.press_time);
  return event;
}

}  // namespace countersign::order
