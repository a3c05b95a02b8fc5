#include "link-service/src/web/page.h"

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/country.h"
#include "link-service/src/web/page_parts.h"
#include "link-service/src/web/public_url.h"
#include "link-service/src/web/receipt_part.h"
#include "link-service/src/web/tax_ids.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

// Everything in one place that differs by state only. `flag` is the template's section for what else there is to say.
struct StateText {
  absl::string_view heading;  // A message.
  absl::string_view flag;
  enum { kReviewing, kDone, kClosed } layout;
};
StateText TextOf(OrderPageState state) {
  switch (state) {
    case OrderPageState::kReview:
      return {"heading.review", "review", StateText::kReviewing};
    case OrderPageState::kChecked:
      return {"heading.review", "checked", StateText::kReviewing};
    case OrderPageState::kReviewChanged:
      return {"heading.review_again", "review_changed", StateText::kReviewing};
    case OrderPageState::kCodeMailed:
      return {"heading.review", "code_mailed", StateText::kReviewing};
    case OrderPageState::kCodeNotMailed:
      return {"heading.review", "code_not_mailed", StateText::kReviewing};
    case OrderPageState::kReceived:
      return {"heading.waiting", "received", StateText::kReviewing};
    case OrderPageState::kDeclineReceived:
      return {"heading.waiting", "decline_received", StateText::kReviewing};
    case OrderPageState::kConfirmed:
      return {"heading.confirmed", "confirmed", StateText::kDone};
    case OrderPageState::kCompleted:
      return {"heading.completed", "completed", StateText::kDone};
    case OrderPageState::kDeclined:
      return {"heading.declined", "declined", StateText::kClosed};
    case OrderPageState::kExpired:
      return {"heading.expired", "expired", StateText::kClosed};
    case OrderPageState::kSuperseded:
      return {"heading.superseded", "superseded", StateText::kClosed};
    case OrderPageState::kRevoked:
      return {"heading.revoked", "revoked", StateText::kClosed};
    case OrderPageState::kCancelled:
      return {"heading.cancelled", "cancelled", StateText::kClosed};
    case OrderPageState::kNotPossible:
      return {"heading.not_possible", "not_possible", StateText::kClosed};
  }
  return {"heading.not_possible", "closed", StateText::kClosed};
}

absl::string_view PeriodWord(int months) { return months == 12 ? "year" : "month"; }

// The heading, and the title that is the same in one line. Where it names the partner, its name stands apart.
void SetHeading(data& page, const OrderPageView& view, absl::string_view message) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(view.language->Text(message), absl::MaxSplits("{partner}", 1));
  page.set("heading", parts.first);
  page.set("heading_end", parts.second);
}

list LinesOf(const OrderPageView& view) {
  list lines;
  for (const OrderLineView& line : view.lines) {
    data item;
    item.set("offer_name", line.offer_name);
    SetOptional(item, "description", line.description);
    item.set("seats", view.language->NumberText(line.seats));
    SetOptional(item, "promotion", line.promotion);
    SetOptional(item, "change", line.change);
    const std::string& later = view.language->Text("lines.price_later");
    item.set("unit_price", line.priced_later ? later : view.language->MoneyText(line.unit_price));
    item.set("amount", line.priced_later ? later : view.language->MoneyText(line.amount));
    lines.push_back(item);
  }
  return lines;
}

list TotalsOf(const OrderPageView& view) {
  list totals;
  for (const TotalView& total : view.totals) {
    data item;
    item.set("label", total.label);
    const std::string amount = view.language->MoneyText(total.amount);
    item.set("amount", amount);
    item.set("amount_each", view.language->Format("period.amount", {{"period", Choice{PeriodWord(total.period_months)}},
                                                                    {"amount", amount}}));
    totals.push_back(item);
  }
  return totals;
}

void SetOrder(data& page, const OrderPageView& view) {
  page.set("lines", LinesOf(view));
  page.set("amount_heading", view.amount_heading);
  page.set("totals", TotalsOf(view));
  page.set("has_lines", !view.changes_partner);
  page.set("changes_partner", view.changes_partner);
  list terms;
  for (const TermView& term : view.terms) {
    data item;
    item.set("label", term.label);
    item.set("text", term.text);
    terms.push_back(item);
  }
  page.set("terms", terms);
  page.set("order_number", view.order_number);
  page.set("kind", view.kind);
  page.set("customer_name", view.customer_name);
  SetOptional(page, "customer_note", view.customer_note);
  page.set("expire_time", view.language->TimeText(view.expire_time));
  page.set("expire_iso", IsoTime(view.expire_time));
  page.set("days_left", view.language->Format("review.days_left", {{"days", int64_t{view.days_left}}}));
}

void SetBox(data& page, const Language& language, const PriceBoxView& box) {
  page.set("box_has_term", box.has_term);
  page.set("commitment_label", box.commitment_label);
  page.set("commitment", language.MoneyText(box.commitment));
  page.set("first_invoice", language.MoneyText(box.first_invoice));
  SetDate(page, language, "first_invoice_date", "first_invoice_iso", box.first_invoice_date);
  SetDate(page, language, "due_date", "due_iso", box.due_date);
  SetDate(page, language, "free_until", "free_until_iso", box.free_until);
  SetDate(page, language, "renew_date", "renew_iso", box.renew_date);
  SetDate(page, language, "term_start", "term_start_iso", box.term_start);
  SetDate(page, language, "term_last", "term_last_iso", box.renew_date - 1);
  SetOptional(page, "list_total", box.list_total.has_value() ? language.MoneyText(*box.list_total) : "");
}

list PhrasesOf(const std::vector<std::string>& phrases, const std::string& name) {
  list items;
  for (const std::string& phrase : phrases) items.push_back(data(name, phrase));
  return items;
}

void SetPartner(data& page, const OrderPageView& view) {
  page.set("partner_name", view.partner_name);
  SetContact(page, "partner_contact", view.partner_contact);
  page.set("has_partner_learns", !view.partner_learns.empty());
  page.set("partner_learns", PhrasesOf(view.partner_learns, "phrase"));
  page.set("partner_never_learns", PhrasesOf(view.partner_never_learns, "phrase"));
}

std::vector<std::string> ParagraphsOf(absl::string_view agreement) {
  std::vector<std::string> paragraphs;
  const std::string text = absl::StrReplaceAll(agreement, {{"\r\n", "\n"}});
  for (absl::string_view paragraph : absl::StrSplit(text, "\n\n", absl::SkipWhitespace())) {
    paragraphs.emplace_back(absl::StripAsciiWhitespace(paragraph));
  }
  return paragraphs;
}

// Of "Heading. A sentence. More." the heading and the sentence. A paragraph without a heading is one sentence whole.
data PointOf(absl::string_view paragraph) {
  constexpr size_t kMaxHeading = 40;
  data point;
  const size_t heading = paragraph.find(". ");
  if (heading == absl::string_view::npos || heading > kMaxHeading) {
    SetOptional(point, "heading", "");
    point.set("text", Text(paragraph));
    return point;
  }
  const absl::string_view rest = paragraph.substr(heading + 2);
  SetOptional(point, "heading", paragraph.substr(0, heading));
  point.set("text", Text(rest.substr(0, std::min(rest.find(". "), rest.size() - 1) + 1)));
  return point;
}

void SetAgreement(data& page, const OrderPageView& view) {
  list points;
  for (const std::string& paragraph : ParagraphsOf(view.agreement_text)) points.push_back(PointOf(paragraph));
  page.set("agreement_title", view.agreement_title);
  page.set("agreement_version", view.agreement_version);
  page.set("agreement_path", absl::StrCat(PathOfUrl(view.vendor.public_url), kAgreementPath, view.agreement_version,
                                          "?lang=", view.language->code()));
  page.set("agreement_points", points);
  page.set("acceptance", view.acceptance);
  page.set("obligation", view.obligation);
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
  page.set("tax_id", form.tax_id);
  page.set("confirmer_name", form.confirmer_name);
  page.set("confirmer_title", form.confirmer_title);
  page.set("confirmer_email", form.confirmer_email);
  page.set("code", form.code);
  page.set("needs_code", view.needs_code);
  SetOptional(page, "code_sent_to", view.code_sent_to);
  page.set("too_many_codes", view.too_many_codes);
  page.set("form_kept", view.form_kept);
  page.set("asks_who_pays", view.asks.who_pays);
  page.set("asks_purchase_order", view.asks.purchase_order);
  page.set("needs_purchase_order", view.asks.needs_purchase_order);
  page.set("shows_payer", view.shows_payer);
  SetOptional(page, "bill_to", view.bill_to);
  page.set("bill_to_email", view.bill_to_email);
  page.set("company_as_typed", view.asks.who_pays && view.form_kept && !form.company_name.empty());
  const std::string country = absl::AsciiStrToUpper(form.country);
  page.set("has_country", IsCountry(country));
  page.set("country", country);
  page.set("country_name", IsCountry(country) ? view.language->CountryText(country) : "");
  const std::string examples = TaxIdExamples(country, *view.language);
  SetOptional(page, "tax_id_hint",
              examples.empty()
                  ? ""
                  : view.language->Format("form.tax_id_hint",
                                          {{"country", view.language->CountryText(country)}, {"examples", examples}}));
  page.set("agreement_accepted", form.agreement_accepted);
  page.set("decline_reason", view.decline_reason);
  const bool declining = view.state == OrderPageState::kDeclineReceived || !view.decline_reason.empty();
  page.set("decline_open", declining || page.get("error_reason") != nullptr);
  page.set("has_changes", !view.changes.empty());
  page.set("changes", PhrasesOf(view.changes, "change"));
  page.set("revision", absl::StrCat(view.revision));
  page.set("content_hash", view.content_hash);
  page.set("form_id", view.form_id);
}

}  // namespace

std::string RenderOrderPage(const OrderPageView& view) {
  const StateText text = TextOf(view.state);
  const Language& language = *view.language;
  data page = BasePage(view.vendor, language,
                       absl::StrReplaceAll(language.Text(text.heading), {{"{partner}", view.partner_name}}));
  SetHeading(page, view, text.heading);
  page.set(absl::StrCat("state_", text.flag), true);
  page.set("is_review", text.layout == StateText::kReviewing);
  page.set("keeps_form", text.layout == StateText::kReviewing);
  if (text.layout != StateText::kReviewing && !view.is_receipt) OfferFinding(page, view.vendor, language);
  page.set("is_done", text.layout == StateText::kDone);
  page.set("is_closed", text.layout == StateText::kClosed);
  SetOrder(page, view);
  SetBox(page, language, view.box);
  SetPartner(page, view);
  SetAgreement(page, view);
  SetErrors(page, view.errors);
  SetForm(page, view);
  SetReceipt(page, view);
  return RenderTemplate("order.mustache", language, page);
}

std::string RenderAgreement(const Vendor& vendor, const AgreementView& agreement, const Language& language) {
  data page = BasePage(vendor, language, absl::StrCat(agreement.title, ", ", agreement.version));
  page.set("agreement_title", agreement.title);
  page.set("agreement_version", agreement.version);
  page.set("agreement_paragraphs", PhrasesOf(ParagraphsOf(agreement.text), "paragraph"));
  return RenderTemplate("agreement.mustache", language, page);
}

}  // namespace countersign::link::web
