#include "order-service/src/api/activation_messages.h"

#include "common/base/text.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/price_messages.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {

namespace {

using Request = billing::v1::ActivateOrderRequest;

// The price of what is ordered, where it has one.
void AddPrice(const OrderLine& line, Request::Line& added) {
  if (line.price_id.empty()) return;
  *added.mutable_unit_price() = rpc::ToProto(line.list_unit_price);
  added.set_price(PriceNameOf(line.offer_id, line.price_id));
  added.set_tier_min_quantity(line.tier_minimum);
  if (line.unit_price == line.list_unit_price) return;
  Request::Promotion& promotion = *added.mutable_promotion();
  *promotion.mutable_unit_price() = rpc::ToProto(line.unit_price);
  *promotion.mutable_window_start_date() = rpc::ToProto(line.promotion_start);
  *promotion.mutable_window_end_date() = rpc::ToProto(line.promotion_end);
}

Request::Line NewLineOf(const OrderLine& line) {
  Request::Line added;
  added.set_offer(OfferNameOf(line.offer_id));
  added.set_offer_title(line.offer_title);
  added.set_quantity(line.quantity.seats());
  added.set_trial_days(static_cast<int32_t>(line.trial_days));
  AddPrice(line, added);
  return added;
}

Request::Line ChangeLineOf(const Order& order, const OrderLine& line) {
  Request::Line added;
  if (line.transfer_code.has_value()) {
    const Uuid& account = line.subscription->account;
    added.set_subscription(rpc::FormatName(kSubscriptionName, {account, line.subscription->id}));
    added.set_transfer_code(rpc::FormatName(kTransferCodeName, {account, *line.transfer_code}));
    return added;
  }
  added.set_offer(OfferNameOf(line.offer_id));
  added.set_subscription(rpc::FormatName(kSubscriptionName, {line.subscription->account, line.subscription->id}));
  if (order.kind == OrderKind::kChangeSeats && !line.at_renewal) {
    added.set_seats_to_add(line.quantity.seats());
  } else {
    added.set_renewal_quantity(line.quantity.seats());
  }
  AddPrice(line, added);
  return added;
}

}  // namespace

billing::v1::ActivateOrderRequest ActivationCheckOf(const Order& order) {
  billing::v1::ActivateOrderRequest request;
  request.set_billing_account(rpc::FormatName(kAccountName, {*order.billing_account}));
  request.set_order(OrderNameOf(order.name));
  request.set_revision(order.revision);
  request.set_partner_of_record(rpc::FormatName(kPartnerName, {order.partner_of_record}));
  request.set_currency_code(order.terms.currency);
  request.set_kind(rpc::EnumNamed<Request::Kind>("KIND_", NameOf(order.kind)));
  for (const OrderLine& line : order.terms.lines) {
    *request.add_lines() = order.kind == OrderKind::kNew ? NewLineOf(line) : ChangeLineOf(order, line);
  }
  if (order.kind == OrderKind::kNew) {
    request.set_billing_period_months(order.terms.billing_period_months);
    request.set_term_months(kTermMonths);
  }
  request.set_purchase_order_number(order.terms.purchase_order_number);
  if (order.terms.requested_start.has_value()) {
    *request.mutable_start_date() = rpc::ToProto(*order.terms.requested_start);
  }
  request.set_validate_only(true);
  return request;
}

billing::v1::ActivateOrderRequest OutlookRequestOf(const Order& draft) {
  billing::v1::ActivateOrderRequest request = ActivationCheckOf(draft);
  if (!draft.terms.region.empty()) request.mutable_billing_address()->set_region_code(draft.terms.region);
  request.set_with_outlook(true);
  request.set_request_id(draft.name.id.ToString());
  return request;
}

billing::v1::ActivateOrderRequest ActivationOf(const Order& order, const Acceptance& acceptance) {
  billing::v1::ActivateOrderRequest request = ActivationCheckOf(order);
  request.set_validate_only(false);
  *request.mutable_start_date() = rpc::ToProto(*order.start_date);
  *request.mutable_confirm_time() = rpc::ToProto(*order.confirm_time);
  if (!acceptance.confirmer_name.empty()) {  // Not in acceptances of before.
    request.mutable_confirmer()->set_name(acceptance.confirmer_name);
    request.mutable_confirmer()->set_role(acceptance.confirmer_title);
    request.mutable_confirmer()->set_email(acceptance.confirmer_email);
  }
  request.set_company_name(acceptance.company_name);
  request.set_billing_email(acceptance.billing_email);
  if (order.kind != OrderKind::kNew || acceptance.NamesPayer()) {
    *request.mutable_billing_address() = rpc::ToProto(acceptance.billing_address);
  }
  // Acceptances of before may have others, which billing-service refuses.
  if (IsPrintableAscii(acceptance.tax_id)) {
    request.set_tax_id(acceptance.tax_id);
  }
  request.set_language_code(acceptance.language_code);
  request.set_order_number(OrderNumber(order.name.id));
  request.set_partner_reference(order.terms.partner_reference);
  request.set_customer_display_name(order.customer_name);
  // The customer's own word goes before the partner's.
  if (!acceptance.purchase_order_number.empty()) {
    request.set_purchase_order_number(acceptance.purchase_order_number);
  }
  return request;
}

}  // namespace countersign::order
