#include "link-service/src/web/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

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
  for (std::string* text : {&view.vendor_name,       &view.partner_name,
                            &view.order_number,      &view.kind,
                            &view.customer_name,     &view.term_text,
                            &view.start_text,        &view.cancel_policy,
                            &view.agreement_title,   &view.agreement_version,
                            &view.agreement_text,    &view.form.purchase_order_number,
                            &view.form.company_name, &view.form.contact_email,
                            &view.form.address,      &view.form.city,
                            &view.form.region,       &view.form.postal_code,
                            &view.form.country,      &view.decline_reason,
                            &view.content_hash,      &view.purchase_order_number,
                            &view.partner_contact,   &view.vendor_contact}) {
    *text = kHostile;
  }
  view.partner_learns = {kHostile};
  view.errors = {{"company_name", kHostile}, {kHostile, kHostile}, {"reason", kHostile}};
  view.lines[0].offer_name = kHostile;
  view.totals[0].label = kHostile;
  view.amount_heading = kHostile;
  view.invoices = {{kHostile, kHostile, view.totals[0].amount, Date(2009, 7, 1)}};
  return view;
}

TEST(OrderPageTest, EscapesHostileInputInEveryState) {
  for (const OrderPageState state :
       {OrderPageState::kReview, OrderPageState::kReviewChanged, OrderPageState::kReceived, OrderPageState::kConfirmed,
        OrderPageState::kCompleted, OrderPageState::kDeclined, OrderPageState::kExpired, OrderPageState::kSuperseded,
        OrderPageState::kRevoked, OrderPageState::kCancelled, OrderPageState::kNotPossible}) {
    const std::string html = RenderOrderPage(HostileView(state));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("alert('")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(html, HasSubstr("{{title}}")) << "a value must not be read as a template";
  }
}

TEST(OrderPageTest, TemplatesNeverTurnEscapingOff) {
  for (const EmbeddedFile& file : kWebFiles) {
    const std::string text(file.contents);
    EXPECT_THAT(text, Not(HasSubstr("{{{"))) << file.name;
    EXPECT_THAT(text, Not(HasSubstr("{{&"))) << file.name;
    EXPECT_THAT(text, Not(HasSubstr("{{="))) << file.name;
  }
}

TEST(OrderPageTest, NeedsNoScriptNoStyleAttributeAndNothingFromOutside) {
  const std::regex forbidden("<script|<style|<img|<iframe|\\sstyle=|\\son[a-z]+=|https?://|//[a-z]", std::regex::icase);
  for (const SamplePage& page : SamplePages()) {
    EXPECT_FALSE(std::regex_search(page.html, forbidden)) << page.name;
  }
  EXPECT_FALSE(std::regex_search(std::string(Stylesheet()), std::regex("@import|url\\(|https?:")));
}

TEST(OrderPageTest, EveryPageHasLanguageTitleAndOneHeading) {
  for (const SamplePage& page : SamplePages()) {
    EXPECT_THAT(page.html, HasSubstr("<html lang=\"en\">")) << page.name;
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
  EXPECT_EQ(inputs, 10);
}

TEST(OrderPageTest, ReviewShowsWhatTheCustomerMustSee) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kReview));
  for (const char* text : {"Contoso Consulting", "Your purchase order number", "BPOS Standard Suite", "1,200", "$15.00",
                           "$2,775.00", "12 months, billed monthly in advance", "1 July 2009, 00:00 UTC",
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

TEST(OrderPageTest, OnlyAnOpenOrderHasForms) {
  for (const SamplePage& page : SamplePages()) {
    const bool review = page.name.starts_with("review") || page.name == "received";
    EXPECT_EQ(Count(page.html, "value=\"confirm\""), review ? 1 : 0) << page.name;
    EXPECT_EQ(Count(page.html, "value=\"decline\""), review ? 1 : 0) << page.name;
  }
}

TEST(OrderPageTest, CompletedOrderListsItsInvoices) {
  const std::string html = RenderOrderPage(SampleOrderPage(OrderPageState::kCompleted));
  for (const char* text :
       {"A-100042-1", "Paid", "31 July 2009", "1 June 2009, 14:03 UTC", "Free of charge until 7 June"}) {
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
                           "Contoso Consulting", "sales@contoso.example", "help@bpos.example", "CS-2009-000142"}) {
    EXPECT_THAT(html, HasSubstr(text));
  }
  for (const char* word : {"suspend", "terminat", "no longer a partner"}) EXPECT_THAT(html, Not(HasSubstr(word)));
}

TEST(OrderPageTest, AWithdrawnOrderWithoutContactsStillNamesBoth) {
  OrderPageView view = SampleOrderPage(OrderPageState::kRevoked);
  view.partner_contact.clear();
  view.vendor_contact.clear();
  const std::string html = RenderOrderPage(view);
  EXPECT_THAT(html, HasSubstr("<strong>Contoso Consulting</strong>, who prepared the order."));
  EXPECT_THAT(html, HasSubstr("Business Productivity Online can help you as well. "));
}

TEST(OrderPageTest, UnknownLinkPageIsTheSameEveryTime) {
  EXPECT_EQ(RenderUnknownLinkPage("Vendor"), RenderUnknownLinkPage("Vendor"));
  EXPECT_THAT(RenderErrorPage("Vendor", 500, "0123abcd"), HasSubstr("0123abcd"));
}

}  // namespace
}  // namespace countersign::link::web
