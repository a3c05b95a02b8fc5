#include "link-service/src/page/page_views.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "link-service/src/api/agreements.h"

namespace countersign::link {
namespace {

using web::OrderPageState;

constexpr int kFreeCancelDays = 7;  // Days 1 to 7 of the term; the start is day 1.

std::string TermText(const v1::OrderReview& review) {
  return absl::StrCat(review.term_months(), " months, billed ",
                      review.billing_period_months() == 1 ? "monthly" : "yearly", " in advance, prices in ",
                      review.total().currency_code(), ", taxes not included");
}

std::string StartText(const v1::OrderReview& review) {
  const absl::StatusOr<Date> requested = rpc::FromProto(review.requested_start_date());
  if (!review.has_requested_start_date() || !requested.ok()) {
    return "The day you confirm; the first month is prorated from that day";
  }
  const std::string date = absl::FormatTime("%-d %B %Y", StartOf(*requested), absl::UTCTimeZone());
  return absl::StrCat(date, ", or the day you confirm if that is later; prorated from that day");
}

absl::Status AddLines(const v1::OrderReview& review, web::OrderPageView& view) {
  for (const v1::OrderReview::Line& line : review.lines()) {
    ASSIGN_OR_RETURN(const Money unit_price, rpc::FromProto(line.unit_price()));
    ASSIGN_OR_RETURN(const Money amount, rpc::FromProto(line.amount()));
    view.lines.push_back({line.offer_title(), line.quantity(), unit_price, amount});
  }
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  const bool yearly = review.billing_period_months() == 12;
  view.amount_heading = yearly ? "Each year" : "Each month";
  view.totals.push_back({yearly ? "Total each year" : "Total each month", total});
  return absl::OkStatus();
}

// The state as the customer reads it.
std::string InvoiceStateText(const billing::v1::Invoice& invoice, Date due, Date today) {
  switch (invoice.state()) {
    case billing::v1::Invoice::STATE_PAID:
      return "Paid";
    case billing::v1::Invoice::STATE_VOID:
      return "Withdrawn";
    default:
      return due < today ? "Overdue" : "Due";
  }
}

}  // namespace

OrderPageState PageStateOf(const Link& link, absl::Time now) {
  switch (link.state) {
    case LinkState::kActive:
      return now < link.expire_time ? OrderPageState::kReview : OrderPageState::kExpired;
    case LinkState::kConfirmed:
      return OrderPageState::kConfirmed;
    case LinkState::kDeclined:
      return OrderPageState::kDeclined;
    case LinkState::kExpired:
      return OrderPageState::kExpired;
    case LinkState::kRevoked:
      return OrderPageState::kRevoked;
    case LinkState::kSuperseded:
      return OrderPageState::kSuperseded;
  }
  return OrderPageState::kRevoked;
}

OrderPageState PageStateOfRefusal(const absl::Status& refusal) {
  const ErrorDetails details = DetailsOf(refusal);
  if (details.reason == "ORDER_EXPIRED") return OrderPageState::kExpired;
  if (details.reason == "LINK_NOT_CURRENT" || details.reason == "REVISION_NOT_CURRENT") {
    return OrderPageState::kSuperseded;
  }
  // The worker is about to withdraw the order; then its link will say so.
  if (details.reason == "PARTNER_NOT_ACTIVE") return OrderPageState::kRevoked;
  if (details.reason == "ORDER_STATE") {
    for (const auto& [key, state] : details.metadata) {
      if (key != "state") continue;
      if (state == "DECLINED") return OrderPageState::kDeclined;
      if (state == "CANCELLED") return OrderPageState::kCancelled;
      if (state == "CONFIRMED" || state == "COMPLETED") return OrderPageState::kConfirmed;
    }
  }
  return OrderPageState::kNotPossible;
}

absl::StatusOr<web::OrderPageView> ViewOf(const Link& link, const ShownPage& page, OrderPageState state) {
  const v1::PageContent& content = page.content;
  const v1::OrderReview& review = content.review();
  const Agreement agreement = AgreementOf(content.agreement_text());
  web::OrderPageView view;
  view.state = state;
  view.vendor_name = content.vendor_name();
  view.partner_name = review.partner_display_name();
  view.partner_contact = review.partner_contact_email();
  view.partner_learns.assign(content.partner_learns().begin(), content.partner_learns().end());
  view.order_number = review.order_number();
  view.kind = "New subscription";
  view.customer_name = review.customer_display_name();
  RETURN_IF_ERROR(AddLines(review, view));
  view.term_text = TermText(review);
  view.start_text = StartText(review);
  view.expire_time = link.expire_time;
  view.cancel_policy = "Free of charge during the first 7 days of the term; after that, at the end of the term";
  view.agreement_title = std::string(agreement.title);
  view.agreement_version = review.agreement_version();
  view.agreement_text = std::string(agreement.body);
  view.revision = link.revision;
  view.content_hash = absl::BytesToHexString(page.sha256);
  view.confirm_time = link.decide_time.value_or(link.update_time);
  return view;
}

void AddOrder(const order::v1::Order& order, web::OrderPageView& view) {
  if (order.state() == order::v1::Order::STATE_COMPLETED) view.state = OrderPageState::kCompleted;
  if (order.state() == order::v1::Order::STATE_CANCELLED) view.state = OrderPageState::kCancelled;
  if (order.has_confirm_time()) view.confirm_time = rpc::FromProto(order.confirm_time()).value_or(view.confirm_time);
  const absl::StatusOr<Date> start = rpc::FromProto(order.start_date());
  if (!order.has_start_date() || !start.ok()) return;
  view.start_date = *start;
  view.free_cancel_date = *start + (kFreeCancelDays - 1);
}

void AddInvoices(const billing::v1::ListInvoicesResponse& invoices, Date today, web::OrderPageView& view) {
  for (const billing::v1::Invoice& invoice : invoices.invoices()) {
    const absl::StatusOr<Money> total = rpc::FromProto(invoice.total());
    const absl::StatusOr<Date> due = rpc::FromProto(invoice.due_date());
    if (!total.ok() || !due.ok()) continue;
    view.invoices.push_back({invoice.invoice_number(), InvoiceStateText(invoice, *due, today), *total, *due});
    if (view.purchase_order_number.empty()) view.purchase_order_number = invoice.purchase_order_number();
  }
}

}  // namespace countersign::link
