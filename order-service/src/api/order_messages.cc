#include "order-service/src/api/order_messages.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

v1::Order::State ToProto(OrderState state) {
  switch (state) {
    case OrderState::kDraft:
      return v1::Order::STATE_DRAFT;
    case OrderState::kAwaitingConfirmation:
      return v1::Order::STATE_AWAITING_CONFIRMATION;
    case OrderState::kConfirmed:
      return v1::Order::STATE_CONFIRMED;
    case OrderState::kCompleted:
      return v1::Order::STATE_COMPLETED;
    case OrderState::kDeclined:
      return v1::Order::STATE_DECLINED;
    case OrderState::kExpired:
      return v1::Order::STATE_EXPIRED;
    case OrderState::kCancelled:
      return v1::Order::STATE_CANCELLED;
  }
  return v1::Order::STATE_UNSPECIFIED;
}

std::string PriceNameOf(absl::string_view offer, absl::string_view price) {
  return absl::StrCat(kOfferPrefix, offer, kPricesPart, price);
}

std::string LinkNameOf(const Uuid& link) { return rpc::FormatName(kLinkName, {link}); }

void AddTerms(const OrderTerms& terms, v1::Order& proto) {
  proto.set_currency_code(terms.currency);
  for (const OrderLine& line : terms.lines) {
    v1::Order::Line& added = *proto.add_lines();
    added.set_offer(OfferNameOf(line.offer_id));
    added.set_quantity(line.quantity.seats());
    added.set_offer_title(line.offer_title);
    added.set_price(PriceNameOf(line.offer_id, line.price_id));
    *added.mutable_unit_price() = rpc::ToProto(line.unit_price);
    *added.mutable_amount() = rpc::ToProto(line.amount);
  }
  *proto.mutable_total() = rpc::ToProto(terms.total);
  proto.set_billing_period(terms.billing_period_months == 12 ? v1::Order::BILLING_PERIOD_ANNUAL
                                                             : v1::Order::BILLING_PERIOD_MONTHLY);
  proto.set_term_months(kTermMonths);
  if (terms.requested_start.has_value()) {
    *proto.mutable_requested_start_date() = rpc::ToProto(*terms.requested_start);
  }
  proto.set_partner_reference(terms.partner_reference);
}

void AddProgress(const Order& order, v1::Order& proto) {
  if (order.link.has_value()) proto.set_link(LinkNameOf(*order.link));
  if (order.expire_time.has_value()) *proto.mutable_expire_time() = rpc::ToProto(*order.expire_time);
  if (order.submit_time.has_value()) *proto.mutable_submit_time() = rpc::ToProto(*order.submit_time);
  if (order.confirm_time.has_value()) *proto.mutable_confirm_time() = rpc::ToProto(*order.confirm_time);
  if (order.start_date.has_value()) *proto.mutable_start_date() = rpc::ToProto(*order.start_date);
  if (!order.billing_account.has_value()) return;
  proto.set_billing_account(rpc::FormatName(kAccountName, {*order.billing_account}));
  for (const Uuid& subscription : order.subscriptions) {
    proto.add_subscriptions(rpc::FormatName(kSubscriptionName, {*order.billing_account, subscription}));
  }
}

}  // namespace

std::string OfferNameOf(absl::string_view offer) { return absl::StrCat(kOfferPrefix, offer); }

std::string NameOf(const OrderName& name) { return rpc::FormatName(kOrderName, {name.partner, name.id}); }

std::string CustomerNameOf(const Order& order) {
  return rpc::FormatName(kCustomerName, {order.name.partner, order.customer});
}

v1::Order ToProto(const Order& order) {
  v1::Order proto;
  proto.set_name(NameOf(order.name));
  proto.set_order_number(OrderNumber(order.name.id));
  proto.set_state(ToProto(order.state));
  proto.set_state_reason(order.state_reason);
  proto.set_revision(order.revision);
  proto.set_kind(v1::Order::KIND_NEW);
  proto.set_customer(CustomerNameOf(order));
  proto.set_partner_of_record(rpc::FormatName(kPartnerName, {order.partner_of_record}));
  AddTerms(order.terms, proto);
  AddProgress(order, proto);
  proto.set_etag(rpc::EtagOf(order.version));
  *proto.mutable_create_time() = rpc::ToProto(order.create_time);
  *proto.mutable_update_time() = rpc::ToProto(order.update_time);
  return proto;
}

v1::Offer ToProto(const Offer& offer, absl::string_view currency, absl::Time time) {
  v1::Offer proto;
  proto.set_name(OfferNameOf(offer.id));
  proto.set_title(offer.title);
  proto.set_description(offer.description);
  proto.set_minimum_quantity(offer.minimum_quantity);
  proto.set_retired(offer.retired);
  const Price* price = offer.PriceInForce(currency, time);
  if (price == nullptr) return proto;
  v1::Price& current = *proto.mutable_current_price();
  current.set_name(PriceNameOf(offer.id, price->id));
  *current.mutable_effective_time() = rpc::ToProto(price->effective_time);
  for (const PriceTier& tier : price->tiers) {
    v1::Price::Tier& added = *current.add_tiers();
    added.set_minimum_quantity(tier.minimum_quantity);
    *added.mutable_unit_price() = rpc::ToProto(tier.unit_price);
  }
  return proto;
}

v1::OrderEvent EventOf(const Order& before, const Order& after) {
  v1::OrderEvent event;
  event.set_order(NameOf(after.name));
  event.set_state(ToProto(after.state));
  event.set_revision(after.revision);
  event.set_version(after.version);
  if (after.link.has_value()) event.set_link(LinkNameOf(*after.link));
  const std::optional<Uuid> ended = EndedLink(before, after);
  if (ended.has_value()) event.set_ended_link(LinkNameOf(*ended));
  return event;
}

link::v1::IssueLinkRequest LinkRequestOf(const v1::Order& order, const partner::v1::CheckSellerResponse& seller) {
  link::v1::IssueLinkRequest request;
  request.set_order(order.name());
  request.set_revision(order.revision());
  *request.mutable_expire_time() = order.expire_time();
  link::v1::OrderReview& review = *request.mutable_review();
  review.set_order_number(order.order_number());
  review.set_partner_display_name(seller.partner().display_name());
  review.set_partner_contact_email(seller.partner().contact_email());
  review.set_customer_display_name(seller.customer().display_name());
  for (const v1::Order::Line& line : order.lines()) {
    link::v1::OrderReview::Line& shown = *review.add_lines();
    shown.set_offer_title(line.offer_title());
    shown.set_quantity(line.quantity());
    *shown.mutable_unit_price() = line.unit_price();
    *shown.mutable_amount() = line.amount();
  }
  *review.mutable_total() = order.total();
  review.set_billing_period_months(order.billing_period() == v1::Order::BILLING_PERIOD_ANNUAL ? 12 : 1);
  review.set_term_months(order.term_months());
  if (order.has_requested_start_date()) *review.mutable_requested_start_date() = order.requested_start_date();
  review.set_agreement_version(kCustomerAgreement);
  return request;
}

billing::v1::ActivateOrderRequest ActivationCheckOf(const Order& order) {
  billing::v1::ActivateOrderRequest request;
  request.set_billing_account(rpc::FormatName(kAccountName, {*order.billing_account}));
  request.set_order(NameOf(order.name));
  request.set_revision(order.revision);
  request.set_partner_of_record(rpc::FormatName(kPartnerName, {order.partner_of_record}));
  request.set_currency_code(order.terms.currency);
  for (const OrderLine& line : order.terms.lines) {
    billing::v1::ActivateOrderRequest::Line& added = *request.add_lines();
    added.set_offer(OfferNameOf(line.offer_id));
    added.set_offer_title(line.offer_title);
    added.set_quantity(line.quantity.seats());
    *added.mutable_unit_price() = rpc::ToProto(line.unit_price);
  }
  request.set_billing_period_months(order.terms.billing_period_months);
  request.set_term_months(kTermMonths);
  request.set_validate_only(true);
  return request;
}

billing::v1::ActivateOrderRequest ActivationOf(const ConfirmedOrder& confirmed) {
  const auto& [order, acceptance] = confirmed;
  billing::v1::ActivateOrderRequest request = ActivationCheckOf(order);
  request.set_validate_only(false);
  *request.mutable_start_date() = rpc::ToProto(*order.start_date);
  *request.mutable_confirm_time() = rpc::ToProto(*order.confirm_time);
  request.set_company_name(acceptance.company_name);
  request.set_billing_email(acceptance.billing_email);
  *request.mutable_billing_address() = rpc::ToProto(acceptance.billing_address);
  request.set_purchase_order_number(acceptance.purchase_order_number);
  return request;
}

}  // namespace countersign::order
