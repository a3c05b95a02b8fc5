#include "order-service/src/api/activation_messages.h"

#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/order_messages.h"

namespace countersign::order {

billing::v1::ActivateOrderRequest ActivationCheckOf(const Order& order) {
  billing::v1::ActivateOrderRequest request;
  request.set_billing_account(rpc::FormatName(kAccountName, {*order.billing_account}));
  request.set_order(OrderNameOf(order.name));
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

billing::v1::ActivateOrderRequest ActivationOf(const Order& order, const Acceptance& acceptance) {
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
