#include "link-service/src/web/sample_pages.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "link-service/src/web/act_page.h"

namespace countersign::link::web {
namespace {

constexpr char kAgreement[] =
    "This agreement is between your company and the provider of the online services named in the order. It takes "
    "effect when your order is confirmed.\n\n"
    "Services. The provider makes each service available to the number of users ordered, for the term of the order. "
    "Each user needs a seat of their own; a seat may be given to another person when its user leaves.\n\n"
    "Fees. Fees are invoiced monthly in advance and are due within 30 days. Prices hold for the term of the order. "
    "Taxes are added where the law asks for them.\n\n"
    "Renewal. A subscription renews for the same term at the price then in force, unless you switch renewal off before "
    "the last day of the term. The provider announces the price at least 30 days before.\n\n"
    "Partner of record. The partner named in the order advises you. The partner cannot change your order, your price "
    "or your payment details.\n\n"
    "Cancellation. You may cancel free of charge during the first seven days of a term. Later cancellations take "
    "effect at the end of the term.";

Money Dollars(int64_t micros) { return Money::FromMicros(micros, "USD").value_or(Money()); }

absl::Time At(int year, int month, int day, int hour, int minute) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, 0), absl::UTCTimeZone());
}

ConfirmFormText TypedForm() {
  ConfirmFormText form;
  form.purchase_order_number = "PO-2009-0417";
  form.company_name = "Fabrikam, Inc.";
  form.contact_email = "accounts@fabrikam.example";
  form.address = "1201 Harbour Road\nSuite 400";
  form.city = "Seattle";
  form.region = "WA";
  form.postal_code = "98101";
  form.country = "US";
  form.tax_id = "91-1144442";
  form.confirmer_name = "Ann Buyer";
  form.confirmer_title = "Head of Purchasing";
  form.confirmer_email = "ann@fabrikam.example";
  return form;
}

OrderPageView WithErrors() {
  OrderPageView view = SampleOrderPage(OrderPageState::kReview);
  view.form = TypedForm();
  view.form_kept = true;
  view.form.contact_email = "accounts at fabrikam";
  view.form.city = "";
  view.errors = {{"contact_email", "Enter an e-mail address such as name@example.com."},
                 {"city", "Enter the city."},
                 {"agreement", "Accept the agreement to confirm the order."}};
  return view;
}

OrderPageView OfChange(OrderPageState state) {
  OrderPageView view = SampleOrderPage(state);
  view.kind = "More seats";
  view.customer_note = "Ann, these are the five seats for the new office.\nCall me if you need more.";
  view.lines = {{"BPOS Standard Suite",
                 "Exchange Online, SharePoint Online, Office Communications Online and Office Live Meeting.", 5,
                 Dollars(10'000'000), Dollars(50'000'000)}};
  view.lines[0].promotion = "Autumn price. Later $15.00 per seat and month";
  view.lines[0].change = "Seats 25 → 30";
  view.totals = {{"More each month", Dollars(50'000'000)}};
  view.box.has_term = false;
  view.terms = {
      {"Change", "25 seats become 30: 5 more, for $50.00 plus tax each month. Seats that you have keep their price."},
      {"Term", "Until the subscription renews on 1 June 2010, billed in advance each month."},
      {"Start", "The day you confirm."},
      {"First invoice",
       "The days until the next month of your subscription begins are charged in proportion. With annual billing, or "
       "when none of it is left, they are invoiced at once, else with your next invoice; due 30 days later."},
      {"Cancelling",
       "The added seats free of charge during their first 7 days, credited in full; after that, at the end of the "
       "term."}};
  view.obligation =
      "With “Confirm order” your company orders 5 more seats of BPOS Standard Suite from Business Productivity Online "
      "Ltd, 1 Cloud Way, Dublin, Ireland and owes $50.00 plus tax each month until 1 June 2010, payable as invoiced.";
  view.needs_code = true;
  return view;
}

OrderPageView WithWrongCode() {
  OrderPageView view = OfChange(OrderPageState::kCodeMailed);
  view.state = OrderPageState::kReview;
  view.form.agreement_accepted = true;
  view.errors = {{"code", "That is not the code that we mailed last. You can try 4 more times."}};
  return view;
}

}  // namespace

Vendor SampleVendor() {
  return {.name = "Business Productivity Online",
          .contact = "help@bpos.example",
          .legal_entity = "Business Productivity Online Ltd, 1 Cloud Way, Dublin, Ireland",
          .privacy_url = "https://bpos.example/privacy",
          .public_url = "https://orders.bpos.example"};
}

OrderPageView SampleOrderPage(OrderPageState state) {
  OrderPageView view;
  view.state = state;
  view.vendor = SampleVendor();
  view.partner_name = "Contoso Consulting";
  view.partner_contact = "sales@contoso.example";
  view.partner_learns = {"That you confirmed or declined this order, and when", "Your purchase order number",
                         "The state of your subscriptions and their seats",
                         "Whether an invoice of this order is paid, never how"};
  view.partner_never_learns = {"Your billing address and tax number", "Your purchase order number",
                               "Who confirmed, and from where", "Your invoices themselves, and how you pay them"};
  view.order_number = "CS-7K3M-Q9XT-2PBD";
  view.kind = "New subscription";
  view.customer_name = "Fabrikam, Inc.";
  view.lines = {{"BPOS Standard Suite",
                 "Exchange Online, SharePoint Online, Office Communications Online and Office Live Meeting.", 25,
                 Dollars(15'000'000), Dollars(375'000'000)},
                {"Exchange Online Deskless", "", 1200, Dollars(2'000'000), Dollars(2'400'000'000)}};
  view.totals = {{"Each month", Dollars(2'775'000'000)}};
  view.box = {.commitment_label = "12 × $2,775.00",
              .commitment = Dollars(33'300'000'000),
              .first_invoice = Dollars(2'775'000'000),
              .first_invoice_date = Date(2009, 6, 1),
              .due_date = Date(2009, 7, 1),
              .free_until = Date(2009, 6, 7),
              .renew_date = Date(2010, 6, 1)};
  view.terms = {{"Term", "12 months, billed in advance each month."},
                {"Start", "The day you confirm; each month runs from that day."},
                {"First invoice", "$2,775.00 plus tax, dated the day your services start, due 30 days later."},
                {"Tax",
                 "Prices are in USD and do not include tax. It is added where the law asks for it, by the billing "
                 "address below."},
                {"Renewal",
                 "Renews for 12 months at the price then in force, which we announce 30 days before, unless "
                 "you switch renewal off by the last day of the term."},
                {"Cancelling",
                 "Free of charge during the first 7 days of the term, credited in full; after that, at the "
                 "end of the term."}};
  view.acceptance =
      "On behalf of the company that I named above, I accept the Online Services Agreement, version 2009-05. "
      "I am allowed to place orders for it.";
  view.obligation =
      "With “Confirm order” your company orders these services from Business Productivity Online Ltd, 1 Cloud "
      "Way, Dublin, Ireland for 12 months and owes $33,300.00 plus tax, payable as invoiced.";
  view.expire_time = At(2009, 7, 1, 0, 0);
  view.days_left = 30;
  view.agreement_title = "Online Services Agreement";
  view.agreement_version = "2009-05";
  view.agreement_text = kAgreement;
  view.revision = 1;
  view.content_hash = std::string(64, 'a');
  const bool confirmed = state == OrderPageState::kConfirmed || state == OrderPageState::kCompleted;
  if (confirmed) {
    view.confirm_time = At(2009, 6, 1, 14, 3);
    view.purchase_order_number = "PO-2009-0417";
    view.start_date = Date(2009, 6, 1);
    view.free_cancel_date = Date(2009, 6, 7);
  }
  view.form_id = "0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11";
  view.is_receipt = confirmed;
  if (confirmed) {
    std::erase_if(view.terms, [](const TermView& term) {
      return term.label == "Start" || term.label == "First invoice" || term.label == "Cancelling";
    });
    view.entered = {{"Confirmed by", "Ann Buyer, Head of Purchasing, ann@fabrikam.example"},
                    {"Company", "Fabrikam, Inc."},
                    {"Address", "1201 Harbour Road, Suite 400, Seattle, WA 98101, US"},
                    {"E-mail for invoices", "accounts@fabrikam.example"}};
  }
  if (state == OrderPageState::kCompleted) {
    view.invoices = {{"A-100042-1", "Paid", Dollars(2'775'000'000), Date(2009, 7, 1)},
                     {"A-100042-2", "To pay", Dollars(2'775'000'000), Date(2009, 7, 31)}};
  }
  view.form.company_name = view.customer_name;
  const bool kept = state == OrderPageState::kReceived || state == OrderPageState::kReviewChanged ||
                    state == OrderPageState::kCodeMailed || state == OrderPageState::kCodeNotMailed ||
                    state == OrderPageState::kChecked || state == OrderPageState::kDeclineReceived;
  if (kept) {
    view.form = TypedForm();
    view.form_kept = true;
  }
  if (state == OrderPageState::kCodeMailed) view.code_sent_to = "a•••@f•••";
  if (state == OrderPageState::kDeclineReceived) view.decline_reason = "Too many seats";
  if (state == OrderPageState::kReviewChanged) view.changes = {"BPOS Standard Suite: seats 20 → 25"};
  return view;
}

namespace {

ActPageView SampleActPage(ActPageState state) {
  ActPageView view{.vendor = SampleVendor(),
                   .order_number = "CS-7K3M-Q9XT-2PBD",
                   .act = "cancel",
                   .state = state,
                   .items = {{"BPOS Standard Suite", 185, true, Date(2009, 6, 3), Dollars(2'775'000'000)},
                             {"SharePoint Online", 7, false, Date(2010, 6, 1), std::nullopt}},
                   .form_id = "0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11",
                   .plan_hash = std::string(64, 'a')};
  if (state == ActPageState::kCodeMailed || state == ActPageState::kCodeWrong) view.code_sent_to = "a•••@f•••";
  if (state == ActPageState::kCodeWrong) {
    view.code_error = "That is not the code that we mailed last. You can try 4 more times.";
  }
  return view;
}

}  // namespace

std::vector<SamplePage> SamplePages() {
  const std::vector<std::pair<std::string, OrderPageState>> states = {
      {"review", OrderPageState::kReview},
      {"checked", OrderPageState::kChecked},
      {"review_changed", OrderPageState::kReviewChanged},
      {"received", OrderPageState::kReceived},
      {"decline_received", OrderPageState::kDeclineReceived},
      {"confirmed", OrderPageState::kConfirmed},
      {"completed", OrderPageState::kCompleted},
      {"declined", OrderPageState::kDeclined},
      {"expired", OrderPageState::kExpired},
      {"superseded", OrderPageState::kSuperseded},
      {"revoked", OrderPageState::kRevoked},
      {"cancelled", OrderPageState::kCancelled},
      {"not_possible", OrderPageState::kNotPossible},
  };
  std::vector<SamplePage> pages;
  for (const auto& [name, state] : states) pages.push_back({name, RenderOrderPage(SampleOrderPage(state))});
  pages.push_back({"review_errors", RenderOrderPage(WithErrors())});
  pages.push_back({"review_change", RenderOrderPage(OfChange(OrderPageState::kReview))});
  pages.push_back({"code_mailed", RenderOrderPage(OfChange(OrderPageState::kCodeMailed))});
  pages.push_back({"code_not_mailed", RenderOrderPage(OfChange(OrderPageState::kCodeNotMailed))});
  pages.push_back({"code_wrong", RenderOrderPage(WithWrongCode())});
  OrderPageView late = SampleOrderPage(OrderPageState::kCompleted);
  late.lost = LostPress::kDecline;
  pages.push_back({"decline_too_late", RenderOrderPage(late)});
  late = SampleOrderPage(OrderPageState::kDeclined);
  late.lost = LostPress::kConfirm;
  pages.push_back({"confirm_too_late", RenderOrderPage(late)});
  OrderPageView silent = SampleOrderPage(OrderPageState::kConfirmed);
  silent.order_unknown = true;
  pages.push_back({"confirmed_peers_silent", RenderOrderPage(silent)});
  OrderPageView of_link = SampleOrderPage(OrderPageState::kCompleted);
  of_link.is_receipt = false;
  of_link.entered.clear();
  of_link.purchase_order_number.clear();
  of_link.written_to = "a•••@f•••";
  pages.push_back({"completed_by_link", RenderOrderPage(of_link)});
  OrderPageView expired = SampleOrderPage(OrderPageState::kExpired);
  expired.may_ask_for_new_link = true;
  pages.push_back({"expired_may_ask", RenderOrderPage(expired)});
  expired.new_link_asked = true;
  pages.push_back({"expired_asked", RenderOrderPage(expired)});
  OrderPageView serving = SampleOrderPage(OrderPageState::kCompleted);
  serving.services = {{"BPOS Standard Suite", 185, ServiceView::Fate::kRenews, Date(2010, 6, 1)},
                      {"SharePoint Online", 7, ServiceView::Fate::kEnds, Date(2010, 6, 1)},
                      {"Exchange Online Deskless", 12, ServiceView::Fate::kEnded, Date(2009, 6, 3)}};
  serving.acts = {{true, At(2009, 6, 3, 9, 5), DoneActView::Stands::kDone, Dollars(24'000'000)},
                  {false, At(2009, 6, 4, 9, 5), DoneActView::Stands::kReceived, std::nullopt}};
  pages.push_back({"receipt_services", RenderOrderPage(serving)});
  serving.services.clear();
  serving.services_unknown = true;
  pages.push_back({"receipt_services_unknown", RenderOrderPage(serving)});
  const std::vector<std::pair<std::string, ActPageState>> act_states = {
      {"act_preview", ActPageState::kPreview},
      {"act_changed", ActPageState::kChanged},
      {"act_code_mailed", ActPageState::kCodeMailed},
      {"act_code_not_mailed", ActPageState::kCodeNotMailed},
      {"act_code_wrong", ActPageState::kCodeWrong}};
  for (const auto& [name, state] : act_states) pages.push_back({name, RenderActPage(SampleActPage(state))});
  ActPageView nothing = SampleActPage(ActPageState::kPreview);
  nothing.items.clear();
  pages.push_back({"act_nothing", RenderActPage(nothing)});
  const Vendor vendor = SampleVendor();
  pages.push_back({"agreement", RenderAgreement(vendor, {"Online Services Agreement", "2009-05", kAgreement})});
  pages.push_back({"unknown", RenderUnknownLinkPage(vendor)});
  pages.push_back({"rate_limited", RenderRateLimitedPage(vendor)});
  pages.push_back({"error", RenderErrorPage(vendor, 500, "0123456789abcdef0123456789abcdef")});
  return pages;
}

}  // namespace countersign::link::web
