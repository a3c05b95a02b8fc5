#include "link-service/src/web/page.h"

#include <kainjow/mustache.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "link-service/src/web/countries.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;

constexpr absl::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};

// "1 June 2009": read the same way everywhere, unlike 6/1/2009.
std::string LongDate(Date date) {
  return absl::StrCat(date.day(), " ", kMonths[date.month() - 1], " ", static_cast<int64_t>(date.year()));
}

std::string LongTime(absl::Time time) {
  return absl::StrCat(LongDate(DateOf(time)), ", ", absl::FormatTime("%H:%M", time, absl::UTCTimeZone()), " UTC");
}

// 12000 → "12,000".
std::string Grouped(int64_t number) {
  std::string text = absl::StrCat(number);
  for (int at = static_cast<int>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) text.insert(at, ",");
  return text;
}

std::string Text(absl::string_view text) { return std::string(text); }

// A value together with a flag, so that a template can leave out the whole row: {{#has_x}}…{{x}}…{{/has_x}}.
void SetOptional(data& page, const std::string& name, absl::string_view value) {
  page.set(absl::StrCat("has_", name), !value.empty());
  page.set(name, Text(value));
}

data BasePage(absl::string_view vendor_name, absl::string_view title) {
  data page;
  page.set("vendor_name", Text(vendor_name));
  page.set("title", Text(title));
  page.set("stylesheet", StylesheetPath());
  return page;
}

// Everything in one place that differs by state only. `flag` is the template's section for what else there is to say.
struct StateText {
  absl::string_view title;
  absl::string_view flag;
  enum { kReviewing, kDone, kClosed } layout;
};
StateText TextOf(OrderPageState state) {
  switch (state) {
    case OrderPageState::kReview:
      return {"Review and confirm your order", "review", StateText::kReviewing};
    case OrderPageState::kReviewChanged:
      return {"Please review your order again", "review_changed", StateText::kReviewing};
    case OrderPageState::kReceived:
      return {"Your order is not confirmed yet", "received", StateText::kReviewing};
    case OrderPageState::kConfirmed:
      return {"Your order is confirmed", "confirmed", StateText::kDone};
    case OrderPageState::kCompleted:
      return {"Your order is confirmed and set up", "completed", StateText::kDone};
    case OrderPageState::kDeclined:
      return {"You declined this order", "declined", StateText::kClosed};
    case OrderPageState::kExpired:
      return {"This order has expired", "expired", StateText::kClosed};
    case OrderPageState::kSuperseded:
      return {"This link is no longer current", "superseded", StateText::kClosed};
    case OrderPageState::kRevoked:
      return {"This order was withdrawn", "revoked", StateText::kClosed};
    case OrderPageState::kCancelled:
      return {"This order was cancelled", "cancelled", StateText::kClosed};
    case OrderPageState::kNotPossible:
      return {"This order cannot be confirmed now", "not_possible", StateText::kClosed};
  }
  return {"Order", "closed", StateText::kClosed};
}

void SetOrder(data& page, const OrderPageView& view) {
  list lines;
  for (const OrderLineView& line : view.lines) {
    data item;
    item.set("offer_name", line.offer_name);
    item.set("seats", Grouped(line.seats));
    item.set("unit_price", line.unit_price.ToDisplayString());
    item.set("amount", line.amount.ToDisplayString());
    lines.push_back(item);
  }
  page.set("lines", lines);
  page.set("amount_heading", view.amount_heading);
  list totals;
  for (const TotalView& total : view.totals) {
    data item;
    item.set("label", total.label);
    item.set("amount", total.amount.ToDisplayString());
    totals.push_back(item);
  }
  page.set("totals", totals);
  page.set("order_number", view.order_number);
  page.set("kind", view.kind);
  page.set("customer_name", view.customer_name);
  page.set("term_text", view.term_text);
  page.set("start_text", view.start_text);
  page.set("expire_time", LongTime(view.expire_time));
  SetOptional(page, "cancel_policy", view.cancel_policy);
}

void SetPartner(data& page, const OrderPageView& view) {
  list learns;
  for (const std::string& phrase : view.partner_learns) learns.push_back(data("phrase", phrase));
  page.set("partner_name", view.partner_name);
  SetOptional(page, "partner_contact", view.partner_contact);
  SetOptional(page, "vendor_contact", view.vendor_contact);
  page.set("has_partner_learns", !view.partner_learns.empty());
  page.set("partner_learns", learns);
}

void SetAgreement(data& page, const OrderPageView& view) {
  list paragraphs;
  const std::string text = absl::StrReplaceAll(view.agreement_text, {{"\r\n", "\n"}});
  for (absl::string_view paragraph : absl::StrSplit(text, "\n\n", absl::SkipWhitespace())) {
    paragraphs.push_back(data("paragraph", Text(absl::StripAsciiWhitespace(paragraph))));
  }
  page.set("agreement_title", view.agreement_title);
  page.set("agreement_version", view.agreement_version);
  page.set("agreement_paragraphs", paragraphs);
}

void SetErrors(data& page, const OrderPageView& view) {
  list errors;
  for (const FormError& error : view.errors) {
    data item;
    item.set("field", error.field);
    item.set("message", error.message);
    errors.push_back(item);
    const std::string key = absl::StrCat("error_", error.field);
    if (page.get(key) == nullptr) page.set(key, error.message);  // The first one; an absent key shows nothing.
  }
  page.set("has_errors", !view.errors.empty());
  page.set("errors", errors);
}

void SetForm(data& page, const OrderPageView& view) {
  const ConfirmFormText& form = view.form;
  page.set("purchase_order_number", form.purchase_order_number);
  page.set("company_name", form.company_name);
  page.set("contact_email", form.contact_email);
  page.set("address", form.address);
  page.set("city", form.city);
  page.set("region", form.region);
  page.set("postal_code", form.postal_code);
  const std::string country = absl::AsciiStrToUpper(form.country);
  const absl::string_view country_name = CountryName(country);
  page.set("has_country", !country_name.empty());
  page.set("country", country);
  page.set("country_name", Text(country_name));
  page.set("agreement_accepted", form.agreement_accepted);
  page.set("decline_reason", view.decline_reason);
  page.set("revision", absl::StrCat(view.revision));
  page.set("content_hash", view.content_hash);
}

void SetConfirmation(data& page, const OrderPageView& view) {
  page.set("confirm_time", LongTime(view.confirm_time));
  SetOptional(page, "ordered_by_number", view.purchase_order_number);
  SetOptional(page, "start_date", view.start_date.has_value() ? LongDate(*view.start_date) : "");
  SetOptional(page, "free_cancel_date", view.free_cancel_date.has_value() ? LongDate(*view.free_cancel_date) : "");
  list invoices;
  for (const InvoiceView& invoice : view.invoices) {
    data item;
    item.set("number", invoice.number);
    item.set("state", invoice.state);
    item.set("amount", invoice.amount.ToDisplayString());
    item.set("due_date", LongDate(invoice.due_date));
    invoices.push_back(item);
  }
  page.set("has_invoices", !view.invoices.empty());
  page.set("invoices", invoices);
}

std::string RenderNotice(data page, absl::string_view title, absl::string_view message, absl::string_view advice) {
  page.set("heading", Text(title));
  page.set("message", Text(message));
  SetOptional(page, "advice", advice);
  return RenderTemplate("notice.mustache", page);
}

absl::string_view ErrorMessage(int status) {
  switch (status) {
    case 403:
      return "The form was sent from another site, so it was not accepted. Nothing was changed.";
    case 404:
      return "There is nothing at this address.";
    case 400:
    case 405:
    case 413:
    case 415:
    case 431:
      return "Your browser sent something that this page cannot read. Nothing was changed.";
    case 503:
      return "This page cannot answer right now. Please try again in a moment.";
    default:
      return "Something went wrong on our side. Please try again in a moment: pressing twice never orders twice.";
  }
}

}  // namespace

std::string RenderOrderPage(const OrderPageView& view) {
  const StateText text = TextOf(view.state);
  data page = BasePage(view.vendor_name, text.title);
  page.set("heading", Text(text.title));
  page.set(absl::StrCat("state_", text.flag), true);
  page.set("is_review", text.layout == StateText::kReviewing);
  page.set("is_done", text.layout == StateText::kDone);
  page.set("is_closed", text.layout == StateText::kClosed);
  SetOrder(page, view);
  SetPartner(page, view);
  SetAgreement(page, view);
  SetErrors(page, view);
  SetForm(page, view);
  SetConfirmation(page, view);
  return RenderTemplate("order.mustache", page);
}

std::string RenderUnknownLinkPage(absl::string_view vendor_name) {
  return RenderNotice(BasePage(vendor_name, "Link not found"), "We do not know this link",
                      "It may be incomplete: some mail programs break long links in two. Copy the whole link from the "
                      "message you received and paste it into the address bar.",
                      "If it still does not open, ask the partner who sent it for a new one.");
}

std::string RenderRateLimitedPage(absl::string_view vendor_name) {
  return RenderNotice(BasePage(vendor_name, "Too many attempts"), "Too many attempts",
                      "Too many unknown links were opened from your network. Please wait a few minutes, then open your "
                      "link again.",
                      "Your order is not affected.");
}

std::string RenderErrorPage(absl::string_view vendor_name, int status, absl::string_view trace_id) {
  data page = BasePage(vendor_name, ReasonPhrase(status));
  SetOptional(page, "trace_id", trace_id);
  return RenderNotice(std::move(page), status >= 500 ? "This did not work" : "This request was not accepted",
                      ErrorMessage(status), "");
}

}  // namespace countersign::link::web
