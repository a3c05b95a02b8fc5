#include "link-service/src/web/sample_pages.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "link-service/src/web/act_page.h"
#include "link-service/src/web/find_page.h"
#include "link-service/src/web/notice_page.h"

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

std::vector<InvoiceView> SampleInvoices(const Language& language) {
  constexpr int64_t kNet = 2'775'000'000;
  std::vector<InvoiceView> invoices(2);
  for (InvoiceView& invoice : invoices) {
    invoice.amount = invoice.net = Dollars(kNet);
    invoice.tax = Dollars(0);
  }
  invoices[0].number = "A-100042-2";
  invoices[0].state = language.Text("invoices.to_pay");
  invoices[0].due_date = Date(2009, 7, 31);
  invoices[0].due = Dollars(kNet - 1'000'000'000);
  invoices[0].lines = {{"BPOS Standard Suite", Date(2009, 7, 1), Date(2009, 7, 31), Dollars(kNet)}};
  invoices[1].number = "A-100042-1";
  invoices[1].state = language.Text("invoices.paid");
  invoices[1].due_date = Date(2009, 7, 1);
  invoices[1].due = Dollars(0);
  invoices[1].lines = {{"BPOS Standard Suite", Date(2009, 6, 1), Date(2009, 6, 30), Dollars(kNet)}};
  return invoices;
}

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

OrderPageView WithErrors(const Language& language) {
  OrderPageView view = SampleOrderPage(OrderPageState::kReview, language);
  view.form = TypedForm();
  view.form_kept = true;
  view.form.contact_email = "accounts at fabrikam";
  view.form.city = "";
  view.errors = {{"contact_email", language.Text("error.email")},
                 {"city", language.Text("error.city")},
                 {"agreement", language.Text("error.agreement")}};
  return view;
}

constexpr Choice kMonthly = {"month"};

OrderPageView OfChange(OrderPageState state, const Language& language) {
  OrderPageView view = SampleOrderPage(state, language);
  const Money price = Dollars(50'000'000);
  const std::string amount = language.MoneyText(price), renewal = language.DateText(Date(2010, 6, 1));
  view.kind = language.Text("kind.more_seats");
  view.customer_note = "Ann, these are the five seats for the new office.\nCall me if you need more.";
  view.lines = {{"BPOS Standard Suite",
                 "Exchange Online, SharePoint Online, Office Communications Online and Office Live Meeting.", 5,
                 Dollars(10'000'000), price}};
  view.lines[0].promotion =
      language.Format("lines.promotion_later",
                      {{"promotion", std::string("Autumn price")}, {"price", language.MoneyText(Dollars(15'000'000))}});
  view.lines[0].change = language.Format("lines.change", {{"before", int64_t{25}}, {"after", int64_t{30}}});
  view.totals = {{language.Format("period.heading_more", {{"period", kMonthly}}), price}};
  view.box.has_term = false;
  view.terms = {
      {language.Text("label.change"), language.Format("sentence.add.change", {{"before", int64_t{25}},
                                                                              {"after", int64_t{30}},
                                                                              {"more", int64_t{5}},
                                                                              {"total", amount},
                                                                              {"period", kMonthly}})},
      {language.Text("label.term"), language.Format("sentence.add.term", {{"renewal", renewal}, {"period", kMonthly}})},
      {language.Text("label.start"), language.Text("sentence.add.start")},
      {language.Text("label.first_invoice"),
       language.Format("sentence.add.first_invoice", {{"period", kMonthly}, {"days", int64_t{30}}})},
      {language.Text("label.cancelling"), language.Format("sentence.add.cancelling", {{"days", int64_t{7}}})}};
  view.obligation = language.Format("sentence.add.obligation", {{"more", int64_t{5}},
                                                                {"offer", std::string("BPOS Standard Suite")},
                                                                {"seller", SampleVendor().legal_entity},
                                                                {"total", amount},
                                                                {"period", kMonthly},
                                                                {"renewal", renewal}});
  view.acceptance =
      language.Format("sentence.acceptance_on_file",
                      {{"agreement", std::string("Online Services Agreement")}, {"version", std::string("2009-05")}});
  view.needs_code = true;
  view.asks.who_pays = false;
  view.shows_payer = true;
  view.bill_to = "Fabrikam, Inc.";
  view.bill_to_email = "a•••@f•••";
  return view;
}

OrderPageView OfPartnerChange(const Language& language) {
  OrderPageView view = OfChange(OrderPageState::kReview, language);
  view.kind = language.Text("kind.change_partner");
  view.customer_note.clear();
  view.changes_partner = true;
  view.lines.clear();
  view.totals.clear();
  view.asks.purchase_order = false;
  view.shows_payer = false;
  view.terms = {{language.Text("label.change"),
                 language.Format("sentence.partner.change_first", {{"next", std::string("Contoso Consulting")}})},
                {language.Text("label.term"), language.Text("sentence.partner.term")},
                {language.Text("label.start"), language.Text("sentence.partner.start")}};
  view.obligation = language.Format("sentence.partner.obligation", {{"next", std::string("Contoso Consulting")},
                                                                    {"seller", SampleVendor().legal_entity}});
  return view;
}

std::string WrongCode(const Language& language) { return language.Format("code.wrong", {{"left", int64_t{4}}}); }

OrderPageView WithWrongCode(const Language& language) {
  OrderPageView view = OfChange(OrderPageState::kCodeMailed, language);
  view.state = OrderPageState::kReview;
  view.form.agreement_accepted = true;
  view.errors = {{"code", WrongCode(language)}};
  return view;
}

// The sentences of a new order, those that dates replace after the confirmation apart.
std::vector<TermView> TermsOf(const Language& language, bool confirmed) {
  std::vector<TermView> terms = {
      {language.Text("label.term"), language.Format("sentence.term", {{"months", int64_t{12}}, {"period", kMonthly}})}};
  if (!confirmed) {
    terms.push_back({language.Text("label.start"), language.Format("sentence.start", {{"period", kMonthly}})});
    terms.push_back({language.Text("label.first_invoice"),
                     language.Format("sentence.first_invoice",
                                     {{"total", language.MoneyText(Dollars(2'775'000'000))}, {"days", int64_t{30}}})});
  }
  terms.push_back({language.Text("label.tax"), language.Format("sentence.tax", {{"currency", std::string("USD")}})});
  terms.push_back({language.Text("label.renewal"), language.Format("sentence.renewal", {{"months", int64_t{12}}})});
  if (!confirmed) {
    terms.push_back(
        {language.Text("label.cancelling"), language.Format("sentence.cancelling", {{"days", int64_t{7}}})});
  }
  return terms;
}

std::vector<std::string> TextsOf(const Language& language, const std::vector<std::string>& keys) {
  std::vector<std::string> texts;
  for (const std::string& key : keys) texts.push_back(language.Text(key));
  return texts;
}

}  // namespace

Vendor SampleVendor() {
  return {.name = "Business Productivity Online",
          .contact = "help@bpos.example",
          .legal_entity = "Business Productivity Online Ltd, 1 Cloud Way, Dublin, Ireland",
          .privacy_url = "https://bpos.example/privacy",
          .public_url = "https://orders.bpos.example",
          .finds_receipts = true};
}

OrderPageView SampleOrderPage(OrderPageState state, const Language& language) {
  const bool confirmed = state == OrderPageState::kConfirmed || state == OrderPageState::kCompleted;
  OrderPageView view;
  view.state = state;
  view.language = &language;
  view.vendor = SampleVendor();
  view.partner_name = "Contoso Consulting";
  view.partner_contact = "sales@contoso.example";
  view.partner_learns = TextsOf(language, {"learns.views", "learns.decision", "learns.start", "learns.amounts"});
  view.partner_never_learns = TextsOf(language, {"never_learns.address", "never_learns.purchase_order",
                                                 "never_learns.confirmer", "never_learns.invoices"});
  view.order_number = "CS-7K3M-Q9XT-2PBD";
  view.kind = language.Text("kind.new");
  view.customer_name = "Fabrikam, Inc.";
  view.lines = {{"BPOS Standard Suite",
                 "Exchange Online, SharePoint Online, Office Communications Online and Office Live Meeting.", 25,
                 Dollars(15'000'000), Dollars(375'000'000)},
                {"Exchange Online Deskless", "", 1200, Dollars(2'000'000), Dollars(2'400'000'000)}};
  view.amount_heading = language.Format("period.heading", {{"period", kMonthly}});
  view.totals = {{view.amount_heading, Dollars(2'775'000'000)}};
  view.box = {.commitment_label = absl::StrCat("12 × ", language.MoneyText(Dollars(2'775'000'000))),
              .commitment = Dollars(33'300'000'000),
              .first_invoice = Dollars(2'775'000'000),
              .first_invoice_date = Date(2009, 6, 1),
              .due_date = Date(2009, 7, 1),
              .free_until = Date(2009, 6, 7),
              .renew_date = Date(2010, 6, 1),
              .term_start = Date(2009, 6, 1)};
  view.terms = TermsOf(language, confirmed);
  view.acceptance = language.Format("sentence.acceptance", {{"agreement", std::string("Online Services Agreement")},
                                                            {"version", std::string("2009-05")}});
  view.obligation =
      language.Format("sentence.obligation", {{"seller", view.vendor.legal_entity},
                                              {"months", int64_t{12}},
                                              {"commitment", language.MoneyText(Dollars(33'300'000'000))}});
  view.expire_time = At(2009, 7, 1, 0, 0);
  view.days_left = 30;
  view.agreement_title = "Online Services Agreement";
  view.agreement_version = "2009-05";
  view.agreement_text = kAgreement;
  view.revision = 1;
  view.content_hash = std::string(64, 'a');
  if (confirmed) {
    view.confirm_time = At(2009, 6, 1, 14, 3);
    view.purchase_order_number = "PO-2009-0417";
    view.start_date = Date(2009, 6, 1);
    view.free_cancel_date = Date(2009, 6, 7);
    view.first_invoice_date = Date(2009, 6, 1);
    view.first_invoice_due = Date(2009, 7, 1);
    view.printed_url = "https://orders.bpos.example/find";
    view.shown_time = At(2009, 7, 2, 9, 0);
  }
  view.form_id = "0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11";
  view.is_receipt = confirmed;
  if (confirmed) {
    view.entered = {{language.Text("entered.confirmed_by"), "Ann Buyer, Head of Purchasing, ann@fabrikam.example"},
                    {language.Text("entered.company"), "Fabrikam, Inc."},
                    {language.Text("entered.address"), "1201 Harbour Road, Suite 400, Seattle, WA 98101, US"},
                    {language.Text("form.contact_email"), "accounts@fabrikam.example"}};
  }
  if (state == OrderPageState::kCompleted) {
    view.invoices = SampleInvoices(language);
    view.to_pay = PaymentView{.amount = view.invoices[0].due,
                              .by = Date(2009, 7, 31),
                              .payee = "BPOS Sandbox Ltd",
                              .bank_name = "Sandbox Bank",
                              .bank_account = "DE02120300000000202051",
                              .bank_code = "BYLADEM1001",
                              .references = {"A-100042-2"}};
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
  if (state == OrderPageState::kReviewChanged) {
    view.changes = {language.Format(
        "change.seats",
        {{"offer", std::string("BPOS Standard Suite")}, {"before", std::string("20")}, {"after", std::string("25")}})};
  }
  return view;
}

namespace {

ActPageView SampleActPage(ActPageState state, const Language& language) {
  ActPageView view{.language = &language,
                   .vendor = SampleVendor(),
                   .order_number = "CS-7K3M-Q9XT-2PBD",
                   .act = "cancel",
                   .state = state,
                   .items = {{"BPOS Standard Suite", 185, true, Date(2009, 6, 3), Dollars(2'775'000'000)},
                             {"SharePoint Online", 7, false, Date(2010, 6, 1), std::nullopt}},
                   .form_id = "0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11",
                   .plan_hash = std::string(64, 'a')};
  if (state == ActPageState::kCodeMailed || state == ActPageState::kCodeWrong) view.code_sent_to = "a•••@f•••";
  if (state == ActPageState::kCodeWrong) {
    view.code_error = WrongCode(language);
  }
  return view;
}

}  // namespace

std::vector<SamplePage> SamplePages(const Language& language) {
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
  for (const auto& [name, state] : states) pages.push_back({name, RenderOrderPage(SampleOrderPage(state, language))});
  pages.push_back({"review_errors", RenderOrderPage(WithErrors(language))});
  pages.push_back({"review_change", RenderOrderPage(OfChange(OrderPageState::kReview, language))});
  pages.push_back({"review_partner", RenderOrderPage(OfPartnerChange(language))});
  OrderPageView unknown_payer = OfChange(OrderPageState::kReview, language);
  unknown_payer.bill_to.clear();
  pages.push_back({"review_change_silent", RenderOrderPage(unknown_payer)});
  OrderPageView needs_number = OfChange(OrderPageState::kReview, language);
  needs_number.asks.needs_purchase_order = true;
  needs_number.form.purchase_order_number.clear();
  needs_number.errors = {{"purchase_order_number", language.Text("error.purchase_order_number")}};
  pages.push_back({"review_change_number", RenderOrderPage(needs_number)});
  pages.push_back({"code_mailed", RenderOrderPage(OfChange(OrderPageState::kCodeMailed, language))});
  pages.push_back({"code_not_mailed", RenderOrderPage(OfChange(OrderPageState::kCodeNotMailed, language))});
  pages.push_back({"code_wrong", RenderOrderPage(WithWrongCode(language))});
  OrderPageView late = SampleOrderPage(OrderPageState::kCompleted, language);
  late.lost = LostPress::kDecline;
  pages.push_back({"decline_too_late", RenderOrderPage(late)});
  late = SampleOrderPage(OrderPageState::kDeclined, language);
  late.lost = LostPress::kConfirm;
  pages.push_back({"confirm_too_late", RenderOrderPage(late)});
  OrderPageView silent = SampleOrderPage(OrderPageState::kConfirmed, language);
  silent.order_unknown = true;
  pages.push_back({"confirmed_peers_silent", RenderOrderPage(silent)});
  OrderPageView of_link = SampleOrderPage(OrderPageState::kCompleted, language);
  of_link.is_receipt = false;
  of_link.entered.clear();
  of_link.purchase_order_number.clear();
  of_link.written_to = "a•••@f•••";
  pages.push_back({"completed_by_link", RenderOrderPage(of_link)});
  OrderPageView expired = SampleOrderPage(OrderPageState::kExpired, language);
  expired.may_ask_for_new_link = true;
  pages.push_back({"expired_may_ask", RenderOrderPage(expired)});
  expired.new_link_asked = true;
  pages.push_back({"expired_asked", RenderOrderPage(expired)});
  OrderPageView serving = SampleOrderPage(OrderPageState::kCompleted, language);
  serving.services = {{"BPOS Standard Suite", 185, ServiceView::Fate::kRenews, Date(2010, 6, 1), Date(2009, 7, 1)},
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
  for (const auto& [name, state] : act_states) pages.push_back({name, RenderActPage(SampleActPage(state, language))});
  ActPageView nothing = SampleActPage(ActPageState::kPreview, language);
  nothing.items.clear();
  pages.push_back({"act_nothing", RenderActPage(nothing)});
  ActPageView asking = SampleActPage(ActPageState::kPreview, language);
  asking.act = "ask_partner";
  asking.items = {{"BPOS Standard Suite", 185, false, Date()}, {"SharePoint Online", 7, false, Date()}};
  asking.partner_number = "P-1047";
  asking.partner_name = "Northwind Traders";
  pages.push_back({"act_ask", RenderActPage(asking)});
  asking.items.clear();
  asking.partner_name.clear();
  asking.partner_error = language.Text("act.ask_unknown");
  pages.push_back({"act_ask_unknown", RenderActPage(asking)});
  nothing.act = "change_contact";
  nothing.contact = "a•••@f•••";
  pages.push_back({"act_contact", RenderActPage(nothing)});
  nothing.new_email = "invoices at fabrikam";
  nothing.email_error = language.Text("error.email");
  pages.push_back({"act_contact_wrong", RenderActPage(nothing)});
  nothing.act = "correct_contact";
  nothing.corrector = "k•••@c•••";
  nothing.email_error = language.Text("act.contact_partners");
  nothing.new_email = "kim@fabrikam.example";
  pages.push_back({"act_correct", RenderActPage(nothing)});
  const Vendor vendor = SampleVendor();
  pages.push_back(
      {"agreement", RenderAgreement(vendor, {"Online Services Agreement", "2009-05", kAgreement}, language)});
  FindPageView find{.language = &language, .vendor = vendor};
  pages.push_back({"find", RenderFindPage(find)});
  find.number = "CS-7K3M-Q9XT-2PBD";
  find.email = "invoices at fabrikam";
  find.errors = {{"email", language.Text("error.email")}};
  pages.push_back({"find_wrong", RenderFindPage(find)});
  find.errors.clear();
  find.too_many = true;
  pages.push_back({"find_too_many", RenderFindPage(find)});
  pages.push_back({"find_sent", RenderFindPage({.language = &language, .vendor = vendor, .sent = true})});
  pages.push_back({"unknown", RenderUnknownLinkPage(vendor, language)});
  pages.push_back({"rate_limited", RenderRateLimitedPage(vendor, language)});
  pages.push_back({"invoice_later", RenderInvoiceLaterPage(vendor, language)});
  pages.push_back({"error", RenderErrorPage(vendor, 500, "0123456789abcdef0123456789abcdef", language)});
  return pages;
}

}  // namespace countersign::link::web
