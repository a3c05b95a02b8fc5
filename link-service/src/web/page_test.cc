#include "link-service/src/web/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "link-service/src/web/colour.h"
#include "link-service/src/web/compress.h"
#include "link-service/src/web/notice_page.h"
#include "link-service/src/web/sample_pages.h"
#include "link-service/src/web/templates.h"
#include "link-service/web_files.h"

namespace countersign::link::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] = "\"><script>alert('x')</script>&{{title}}";

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

OrderPageView HostileView(OrderPageState state) {
  OrderPageView view = SampleOrderPage(state);
  for (std::string* text : {&view.vendor.name,          &view.vendor.contact,
                            &view.vendor.legal_entity,  &view.partner_name,
                            &view.order_number,         &view.kind,
                            &view.customer_name,        &view.box.commitment_label,
                            &view.acceptance,           &view.obligation,
                            &view.agreement_title,      &view.agreement_version,
                            &view.agreement_text,       &view.form.purchase_order_number,
                            &view.form.company_name,    &view.form.contact_email,
                            &view.form.address,         &view.form.city,
                            &view.form.region,          &view.form.postal_code,
                            &view.form.country,         &view.form.tax_id,
                            &view.form.confirmer_name,  &view.form.confirmer_title,
                            &view.form.confirmer_email, &view.decline_reason,
                            &view.content_hash,         &view.purchase_order_number,
                            &view.partner_contact}) {
    *text = kHostile;
  }
  view.partner_learns = view.partner_never_learns = view.changes = {kHostile};
  view.terms = {{kHostile, kHostile}};
  view.errors = {{"company_name", kHostile}, {kHostile, kHostile}, {"reason", kHostile}};
  view.lines[0].offer_name = view.lines[0].description = kHostile;
  view.totals[0].label = kHostile;
  view.amount_heading = kHostile;
  const Money amount = view.totals[0].amount;
  view.invoices = {{.number = kHostile,
                    .state = kHostile,
                    .amount = amount,
                    .due_date = Date(2009, 7, 1),
                    .due = amount,
                    .net = amount,
                    .tax = amount,
                    .lines = {{kHostile, Date(2009, 6, 1), Date(2009, 6, 30), amount}}}};
  view.to_pay = PaymentView{.amount = amount,
                            .by = Date(2009, 7, 1),
                            .payee = kHostile,
                            .bank_name = kHostile,
                            .bank_account = kHostile,
                            .bank_code = kHostile,
                            .references = {kHostile}};
  view.first_invoice_date = view.first_invoice_due = Date(2009, 6, 1);
  view.printed_url = kHostile;
  return view;
}

TEST(OrderPageTest, EscapesHostileInputInEveryState) {
  for (const OrderPageState state :
       {OrderPageState::kReview, OrderPageState::kChecked, OrderPageState::kReviewChanged, OrderPageState::kReceived,
        OrderPageState::kDeclineReceived, OrderPageState::kConfirmed, OrderPageState::kCompleted,
        OrderPageState::kDeclined, OrderPageState::kExpired, OrderPageState::kSuperseded, OrderPageState::kRevoked,
        OrderPageState::kCancelled, OrderPageState::kNotPossible}) {
    const std::string html = RenderOrderPage(HostileView(state));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("alert('")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(html, HasSubstr("{{title}}")) << "a value must not be read as a template";
  }
}

TEST(OrderPageTest, TemplatesNeverTurnEscapingOff) {
  for (const EmbeddedFile& file : kWebFiles) {
    if (file.name.ends_with(".ico")) continue;
    const std::string text(file.contents);
    EXPECT_THAT(text, Not(HasSubstr("{{{"))) << file.name;
    EXPECT_THAT(text, Not(HasSubstr("{{&"))) << file.name;
    EXPECT_THAT(text, Not(HasSubstr("{{="))) << file.name;
  }
}

TEST(OrderPageTest, NeedsNoScriptNoStyleAttributeAndNothingFromOutside) {
  const std::regex forbidden("<script|<style|<img|<iframe|\\sstyle=|\\son[a-z]+=|src=|https?://|//[a-z]",
                             std::regex::icase);
  for (const SamplePage& page : SamplePages()) {
    // The vendor's privacy page is a link, and the page's own address a text.
    std::string html = std::regex_replace(page.html, std::regex("href=\"https://bpos.example/privacy\""), "");
    html = std::regex_replace(html, std::regex("https://orders.bpos.example/"), "");
    EXPECT_FALSE(std::regex_search(html, forbidden)) << page.name;
  }
  EXPECT_FALSE(std::regex_search(StylesheetOf(SampleVendor()).text, std::regex("@import|url\\(|https?:")));
}

TEST(OrderPageTest, EveryPageHasLanguageTitleAndOneHeading) {
  for (const SamplePage& page : SamplePages()) {
    EXPECT_THAT(page.html, HasSubstr("<html lang=\"en\" dir=\"ltr\">")) << page.name;
    EXPECT_TRUE(std::regex_search(page.html, std::regex("<title>[^<]{5,}</title>"))) << page.name;
    EXPECT_EQ(Count(page.html, "<h1"), 1) << page.name;
    EXPECT_EQ(Count(page.html, "{{"), 0) << page.name;
    EXPECT_EQ(Count(page.html, "</html>"), 1) << page.name;
  }
}

TEST(OrderPageTest, EveryVisibleInputHasALabel) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kReview));
  const std::regex input("<(?:input|select|textarea) id=\"([a-z_]+)\"");
  int inputs = 0;
  for (std::sregex_iterator it(html.begin(), html.end(), input), end; it != end; ++it, ++inputs) {
    EXPECT_THAT(html, HasSubstr("<label for=\"" + (*it)[1].str() + "\">"));
  }
  EXPECT_EQ(inputs, 14);
}

TEST(OrderPageTest, ReviewShowsWhatTheCustomerMustSee) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kReview));
  for (const char* text :
       {"Contoso Consulting", "Your purchase order number", "BPOS Standard Suite", "1,200", "$15.00", "$2,775.00",
        "12 × $2,775.00", "$33,300.00", "30 days left", "each month runs from that day", "1 July 2009, 00:00 UTC",
        "version 2009-05", "name=\"revision\" value=\"1\"", "Confirm order", "Decline order"}) {
    EXPECT_THAT(html, HasSubstr(text));
  }
}

TEST(OrderPageTest, ShowsEachErrorInTheSummaryAndBesideItsField) {
  OrderPageView view = SampleOrderPage(OrderPageState::kReview);
  view.form.company_name = "Fabrikam, Inc.";
  view.form.address = "\nSecond line";
  view.form.country = "JP";
  view.errors = {{"city", "Enter the city."}};
  const std::string html = RenderOrderPage(view);
  EXPECT_THAT(html, HasSubstr("<a href=\"#city\">Enter the city.</a>"));
  EXPECT_THAT(html, HasSubstr("id=\"city-error\">Enter the city.</p>"));
  EXPECT_THAT(html, HasSubstr("aria-describedby=\"city-error\""));
  EXPECT_THAT(html, HasSubstr("value=\"Fabrikam, Inc.\""));
  EXPECT_THAT(html, HasSubstr("<option value=\"JP\" selected>Japan</option>"));
  EXPECT_THAT(html, HasSubstr(">\n\nSecond line</textarea>")) << "HTML drops the first line break of a textarea";
}

TEST(OrderPageTest, EnterInAFieldPressesTheButtonThatOrdersNothing) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kReview));
  const std::regex button("<button[^>]* value=\"([a-z]+)\"");
  std::smatch first;
  ASSERT_TRUE(std::regex_search(html, first, button));
  EXPECT_EQ(first[1], "check") << "the first submit button of a form is pressed by Enter";
  EXPECT_EQ(Count(html, "<form"), 1);
}

TEST(OrderPageTest, AnAddressAddsNothingToAMailtoLink) {
  OrderPageView view = SampleOrderPage(OrderPageState::kExpired);
  view.partner_contact = "a?bcc=b&c@contoso.example";
  EXPECT_THAT(RenderOrderPage(view), HasSubstr("mailto:a%3fbcc%3db%26c@contoso.example?subject="));
}

TEST(OrderPageTest, AWaitingPageFitsInEightKilobytes) {
  OrderPageView view = SampleOrderPage(OrderPageState::kReview);
  EXPECT_LE(Gzip(RenderOrderPage(view)).size(), 8U * 1024);
}

TEST(OrderPageTest, SaysNothingOfWhatIsNotKnown) {
  OrderPageView view = SampleOrderPage(OrderPageState::kConfirmed);
  view.order_unknown = true;
  view.confirm_time.reset();
  std::string html = RenderOrderPage(view);
  EXPECT_THAT(html, HasSubstr("We cannot show how far it is"));
  EXPECT_THAT(html, Not(HasSubstr("setting up")));
  EXPECT_THAT(html, Not(HasSubstr("<dt>Confirmed</dt>")));
  view = SampleOrderPage(OrderPageState::kCompleted);
  view.invoices.clear();
  view.invoices_unknown = true;
  html = RenderOrderPage(view);
  EXPECT_THAT(html, HasSubstr("We cannot show your invoices at the moment"));
  EXPECT_THAT(html, Not(HasSubstr("will appear here")));
}

TEST(OrderPageTest, AStartThatIsStillToComeIsNotReady) {
  OrderPageView view = SampleOrderPage(OrderPageState::kCompleted);
  view.start_date = Date(2009, 8, 1);
  view.starts_later = true;
  const std::string html = RenderOrderPage(view);
  EXPECT_THAT(html, HasSubstr("start on 1 August 2009"));
  EXPECT_THAT(html, Not(HasSubstr("are ready")));
}

TEST(ColourTest, RefusesAnAccentThatCannotBeRead) {
  EXPECT_TRUE(CheckLegible("#0b5351", kPaper).ok());
  EXPECT_TRUE(CheckLegible("#6fd0c5", kDarkPaper).ok());
  for (const char* bad : {"#ffff00", "red", "#0b535", "#0b535g", "", "#0b5351;}"}) {
    EXPECT_FALSE(CheckLegible(bad, kPaper).ok()) << bad;
  }
}

TEST(CompressTest, KnowsWhoTakesGzip) {
  for (const char* yes : {"gzip", "deflate, GZIP", "gzip;q=0.5, *", "br , gzip ; q=1"})
    EXPECT_TRUE(AcceptsGzip(yes)) << yes;
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.000", "xgzip"}) EXPECT_FALSE(AcceptsGzip(no)) << no;
}

TEST(OrderPageTest, OnlyAnOpenOrderHasForms) {
  for (const SamplePage& page : SamplePages()) {
    const bool review = page.name.starts_with("review") || page.name == "received" || page.name == "checked" ||
                        page.name == "decline_received" || page.name.starts_with("code_");
    EXPECT_EQ(Count(page.html, "value=\"confirm\""), review ? 1 : 0) << page.name;
    EXPECT_EQ(Count(page.html, "value=\"decline\""), review ? 1 : 0) << page.name;
  }
}

TEST(OrderPageTest, CompletedOrderListsItsInvoices) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kCompleted));
  for (const char* text :
       {"A-100042-1", "Paid", "31 July 2009", "1 June 2009, 14:03 UTC", "Free of charge until 7 June", "Still to pay",
        "DE02120300000000202051", "What happens next", "mailed again by"}) {
    EXPECT_THAT(html, HasSubstr(text));
  }
}

TEST(OrderPageTest, CompletedOrderWithoutInvoicesDoesNotPromiseThemBelow) {
  OrderPageView view = SampleOrderPage(OrderPageState::kCompleted);
  view.invoices.clear();
  const std::string html = RenderOrderPage(view);
  EXPECT_THAT(html, Not(HasSubstr("invoices are below")));
  EXPECT_THAT(html, HasSubstr("Your invoices will appear here"));
}

TEST(OrderPageTest, AWithdrawnOrderSaysWhomToAskAndNothingOfWhy) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kRevoked));
  for (const char* text : {"This order was withdrawn", "Nothing was ordered and nothing will be invoiced",
                           "Contoso Consulting", "sales@contoso.example", "help@bpos.example", "CS-7K3M-Q9XT-2PBD"}) {
    EXPECT_THAT(html, HasSubstr(text));
  }
  for (const char* word : {"suspend", "terminat", "no longer a partner"}) EXPECT_THAT(html, Not(HasSubstr(word)));
}

TEST(OrderPageTest, AWithdrawnOrderWithoutContactsStillNamesBoth) {
  OrderPageView view = SampleOrderPage(OrderPageState::kRevoked);
  view.partner_contact.clear();
  view.vendor.contact.clear();
  const std::string html = RenderOrderPage(view);
  EXPECT_THAT(html, HasSubstr("<strong><bdi>Contoso Consulting</bdi></strong>, who prepared the order."));
  EXPECT_THAT(html, HasSubstr("<bdi>Business Productivity Online</bdi> can help you as well. "));
}

TEST(OrderPageTest, UnknownLinkPageIsTheSameEveryTime) {
  EXPECT_EQ(RenderUnknownLinkPage(SampleVendor()), RenderUnknownLinkPage(SampleVendor()));
  EXPECT_THAT(RenderErrorPage(SampleVendor(), 500, "0123abcd"), HasSubstr("0123abcd"));
}

}  // namespace
}  // namespace countersign::link::web
