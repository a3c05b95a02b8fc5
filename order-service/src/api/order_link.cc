#include "order-service/src/api/order_link.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/rpc/call.h"

namespace countersign::order {

link::v1::IssueLinkRequest LinkRequestOf(const v1::Order& order, const partner::v1::CheckSellerResponse& seller) {
  link::v1::IssueLinkRequest request;
  request.set_order(order.name());
  request.set_revision(order.revision());
  const bool changes_partner = order.kind() == v1::Order::KIND_CHANGE_PARTNER;
  if (!changes_partner) request.set_billing_account(order.billing_account());  // That page does not say who pays.
  *request.mutable_expire_time() = order.expire_time();
  link::v1::OrderReview& review = *request.mutable_review();
  review.set_order_number(order.order_number());
  review.set_partner_display_name(seller.partner().display_name());
  review.set_partner_contact_email(seller.partner().contact_email());
  review.set_customer_display_name(seller.customer().display_name());
  if (changes_partner) review.set_former_partner_display_name(order.lines(0).former_partner_display_name());
  for (const v1::Order::Line& line : order.lines()) {
    if (changes_partner) break;  // The partner has the link, and learns nothing of the subscription by it.
    link::v1::OrderReview::Line& shown = *review.add_lines();
    shown.set_offer_title(line.offer_title());
    shown.set_quantity(line.quantity());
    *shown.mutable_unit_price() = line.unit_price();
    *shown.mutable_amount() = line.amount();
    shown.set_offer_description(line.offer_description());
    shown.set_seats_before(line.seats_before());
    shown.set_seats_after(line.seats_after());
    shown.set_at_renewal(line.at_renewal());
    if (line.has_renewal_date()) *shown.mutable_renewal_date() = line.renewal_date();
    if (line.promotion().empty()) continue;
    *shown.mutable_list_unit_price() = line.list_unit_price();
    shown.set_promotion_title(line.promotion_title());
    shown.set_trial_days(line.trial_days());
  }
  *review.mutable_total() = order.total();
  review.set_billing_period_months(order.billing_period() == v1::Order::BILLING_PERIOD_ANNUAL ? 12 : 1);
  review.set_term_months(order.term_months());
  if (order.has_requested_start_date()) *review.mutable_requested_start_date() = order.requested_start_date();
  review.set_kind(std::string(absl::StripPrefix(v1::Order::Kind_Name(order.kind()), "KIND_")));
  review.set_customer_note(order.customer_note());
  review.set_purchase_order_number(order.purchase_order_number());
  review.set_region_code(order.region_code());
  review.set_payer_on_file(order.payer_on_file());
  if (order.has_commitment()) *review.mutable_commitment() = order.commitment();
  const auto& list = order.list_total();
  const bool same = list.units() == order.total().units() && list.nanos() == order.total().nanos();
  if (!same) *review.mutable_list_total() = list;
  return request;
}

Uuid LinkIdOf(const Order& order, const link::v1::IssueLinkRequest& content, absl::Time now) {
  return Uuid::Derived({"link", order.name.id.bytes(), absl::StrCat(order.revision), absl::StrCat(order.links_made + 1),
                        absl::StrCat(absl::ToUnixMicros(now)), rpc::DeterministicBytes(content)});
}

void Identify(link::v1::IssueLinkRequest& request, const std::string& link) {
  request.set_name(link);
  request.set_request_id(Uuid::Derived({"issue-link", link}).ToString());
}

}  // namespace countersign::order
