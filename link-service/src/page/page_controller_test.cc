// Opening a link.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/date.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpHead;
using ::countersign::testing::HttpPost;
using ::countersign::testing::HttpReply;
using ::countersign::testing::InputValue;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

google::type::Money UsDollars(int64_t units, int32_t nanos) {
  google::type::Money money;
  money.set_currency_code("USD");
  money.set_units(units);
  money.set_nanos(nanos);
  return money;
}

using PageControllerTest = PageTest;

TEST_F(PageControllerTest, ShowsTheOrderThePartnerAndWhatItWillLearn) {
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  for (const char* text : {"Contoso Consulting",
                           "CS-7K3M-Q9XT-2PBD",
                           "BPOS Standard Suite",
                           "$375.00",
                           "$15.00",
                           "Each month",
                           "Fabrikam &lt;Inc.&gt; ☕",
                           "Test Vendor",
                           "Confirm order",
                           "Decline order",
                           "2009-06",
                           "made up for the sandbox",
                           "That you confirmed or declined this order",
                           "each month runs from that day",
                           "1 July 2009, 09:00 UTC",
                           "12 × $375.00",
                           "1 June 2009</time> – <time datetime=\"2010-05-31\">31 May 2010",
                           "$4,500.00",
                           "Test Vendor Ltd, Testville",
                           "Your purchase order number",
                           "30 days left"}) {
    EXPECT_THAT(reply.body, HasSubstr(text));
  }
  EXPECT_EQ(reply.headers.at("cache-control"), "no-store");
  EXPECT_EQ(reply.headers.at("referrer-policy"), "no-referrer");
  EXPECT_EQ(InputValue(reply.body, "revision"), "1");
  EXPECT_EQ(InputValue(reply.body, "content_hash").size(), 64u);
}

TEST_F(PageControllerTest, NeverChangesAnOrderByGetOrHead) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(HttpGet(url_ + "?action=confirm&agreement=accepted").status, 200);
  EXPECT_EQ(HttpHead(url_).status, 200);
  EXPECT_EQ(HttpHead(url_).body, "");
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_EQ(CountRows("presses"), 0);
  EXPECT_THAT(EventTypes(), ElementsAre("LINK_ISSUED"));
}

TEST_F(PageControllerTest, CountsWhatWasOpenedAndNotWhatWasProbed) {
  for (int i = 0; i < 3; ++i) HttpGet(url_, {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1"});
  HttpGet(url_);
  HttpGet(url_, {"Sec-Fetch-Mode: navigate", "Sec-Purpose: prefetch"});
  HttpHead(url_);
  HttpGet(url_ + "x");
  views_.Flush(testing::TestDeadline());
  ASSERT_OK_AND_ASSIGN(const v1::Link link, GetLink(issued_.link().name()));
  EXPECT_EQ(link.view_count(), 3);
  EXPECT_EQ(link.automated_view_count(), 2);
  EXPECT_EQ(link.last_view_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
}

TEST_F(PageControllerTest, RecordsWhatAPersonSawOnceADay) {
  const std::vector<std::string> person = {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1", "User-Agent: Browser/1"};
  for (int i = 0; i < 3; ++i) HttpGet(url_, person);
  HttpGet(url_);  // A program.
  HttpGet(url_ + "?lang=de", person);
  views_.Flush(testing::TestDeadline());
  EXPECT_EQ(CountRows("page_views"), 2) << "in two languages";
  clock_.Advance(absl::Hours(24));
  HttpGet(url_, person);
  views_.Flush(testing::TestDeadline());
  EXPECT_EQ(CountRows("page_views"), 3);
  EXPECT_EQ(CountRows("events WHERE type = 'VIEW_RECORDED'"), 3);
}

TEST_F(PageControllerTest, ShowsTheSameToEverybodyWhoHasNoLink) {
  std::string other_link = url_;
  other_link[url_.rfind('/') + 1] = other_link[url_.rfind('/') + 1] == '0' ? '1' : '0';
  std::string other_secret = url_;
  other_secret[url_.size() - 2] = other_secret[url_.size() - 2] == 'A' ? 'B' : 'A';
  const HttpReply unknown = HttpGet(other_link);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, Not(HasSubstr("Contoso")));
  for (const std::string& wrong : {other_secret, url_ + "x", url_.substr(0, url_.size() - 1), url_ + "/",
                                   url_.substr(0, url_.rfind('/') + 1), url_.substr(0, url_.rfind('.'))}) {
    const HttpReply reply = HttpGet(wrong);
    EXPECT_EQ(reply.status, 404) << wrong;
    EXPECT_EQ(reply.body, unknown.body) << wrong;
  }
  EXPECT_EQ(HttpPost(other_secret, ConfirmFields()).status, 404);
  Decide(v1::Link::STATE_REVOKED);
  EXPECT_EQ(HttpGet(other_secret).body, unknown.body);
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(PageControllerTest, LimitsWrongLinksOfAnAddressAndNotItsGoodOnes) {
  int limited = 0;
  for (int i = 0; i < 200 && limited == 0; ++i) limited = HttpGet(url_ + "x").status == 429 ? i : 0;
  EXPECT_GE(limited, 60);
  EXPECT_EQ(HttpGet(url_ + "x").status, 429);
  EXPECT_EQ(HttpGet(url_).status, 200);
  EXPECT_EQ(PressConfirm().status, 303);
}

TEST_F(PageControllerTest, ServesALinkAsItIsCopiedOutOfASentenceAndCountsNoGuess) {
  const size_t id = url_.rfind('/') + 1;
  const std::string encoded_dot = url_.substr(0, id + 36) + "%2E" + url_.substr(id + 37);
  const std::string capitals = url_.substr(0, id) + absl::AsciiStrToUpper(url_.substr(id, 36)) + url_.substr(id + 36);
  for (int i = 0; i < 20; ++i) {
    for (const std::string& url :
         {url_ + ".", url_ + ",", url_ + ")", url_ + "%3E", url_ + "%20", url_ + "%E3%80%82", encoded_dot, capitals}) {
      ASSERT_EQ(HttpGet(url).status, 200) << url;
    }
  }
  EXPECT_EQ(HttpPost(url_ + ").", ConfirmFields()).status, 303);
  EXPECT_EQ(HttpGet(url_ + "x").status, 404);
}

TEST_F(PageControllerTest, ShowsTheStateThatOrderServiceTold) {
  const std::vector<std::pair<v1::Link::State, std::string>> states = {
      {v1::Link::STATE_DECLINED, "You declined this order"},
      {v1::Link::STATE_EXPIRED, "This order has expired"},
      {v1::Link::STATE_REVOKED, "This order was withdrawn"},
      {v1::Link::STATE_SUPERSEDED, "This link is no longer current"}};
  for (const auto& [state, heading] : states) {
    const FormFields fields = ConfirmFields();
    Decide(state);
    EXPECT_THAT(HttpGet(url_).body, HasSubstr(heading));
    const HttpReply press = HttpPost(url_, fields);
    EXPECT_EQ(press.status, 409);
    EXPECT_THAT(press.body, HasSubstr(heading));
    issued_ = Issue();
    url_ = Local(issued_.url());
  }
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(PageControllerTest, AWithdrawnOrderSaysWhomToAsk) {
  Decide(v1::Link::STATE_REVOKED);
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("please ask <strong><bdi>Contoso Consulting</bdi></strong>"));
  EXPECT_THAT(reply.body, HasSubstr("sales@contoso.example"));
  EXPECT_THAT(reply.body,
              HasSubstr("<bdi>Test Vendor</bdi> can help you as well: <a href=\"mailto:help@vendor.example?"));
}

// The expiry is order-service's, and so is the clock: this service's may be ahead of it or behind.
TEST_F(PageControllerTest, OffersAndTakesAPressThatOnlyItsOwnClockFindsLate) {
  clock_.Advance(absl::Hours(30 * 24 + 1));
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Confirm order"));
  EXPECT_EQ(PressConfirm().status, 303);
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(PageControllerTest, ShowsAnOrderAsExpiredWhenOrderServiceSaysSo) {
  Decide(v1::Link::STATE_EXPIRED);
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("This order has expired"));
  EXPECT_THAT(reply.body, HasSubstr("Ask <bdi>Contoso Consulting</bdi> for a new link"));
}

TEST_F(PageControllerTest, ForgetsALinkAfterThirteenMonths) {
  EXPECT_EQ(PressConfirm().status, 303);
  clock_.Advance(absl::Hours(24 * 365));
  EXPECT_EQ(HttpGet(url_).status, 200);
  clock_.Advance(absl::Hours(24 * 31));
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, HttpGet(url_ + "x").body);
}

TEST_F(PageControllerTest, SaysConfirmedEvenWhenAllPeersAreDown) {
  EXPECT_EQ(PressConfirm().status, 303);
  orders_.Answer(absl::UnavailableError("down"));
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("Your order is confirmed"));
  EXPECT_THAT(reply.body, HasSubstr("We cannot show how far it is"));
  EXPECT_THAT(reply.body, Not(HasSubstr("setting up")));
  EXPECT_THAT(reply.body, HasSubstr("$375.00"));
  EXPECT_THAT(reply.body, HasSubstr("1 June 2009, 09:53 UTC"));
}

TEST_F(PageControllerTest, TheReceiptShowsTheInvoicesOnceTheOrderIsCompleted) {
  const HttpReply press = PressConfirm();
  ASSERT_EQ(press.status, 303);
  const std::string receipt = Followed(press);
  order::v1::Order completed = FakeOrders::ConfirmedOrder();
  completed.set_state(order::v1::Order::STATE_COMPLETED);
  completed.set_billing_account("billingAccounts/" + NewRequestId());
  orders_.Answer(completed);
  EXPECT_THAT(HttpGet(receipt).body,
              AllOf(HasSubstr("Your services are ready."), HasSubstr("We cannot show your invoices at the moment.")));

  billing::v1::ListInvoicesResponse invoices;
  billing::v1::Invoice& invoice = *invoices.add_invoices();
  invoice.set_invoice_number("A-100042-1");
  invoice.set_state(billing::v1::Invoice::STATE_OPEN);
  invoice.set_purchase_order_number("PO-OF-A-LATER-CHANGE");
  *invoice.mutable_net() = UsDollars(375, 0);
  *invoice.mutable_tax() = UsDollars(71, 250'000'000);
  *invoice.mutable_total() = UsDollars(446, 250'000'000);
  *invoice.mutable_amount_due() = UsDollars(146, 250'000'000);
  billing::v1::Invoice::Line& line = *invoice.add_lines();
  line.set_description("BPOS Standard Suite, 25 seats");
  *line.mutable_net() = UsDollars(375, 0);
  *line.mutable_service_start_date() = rpc::ToProto(Date(2009, 6, 1));
  *line.mutable_service_end_date() = rpc::ToProto(Date(2009, 7, 1));
  *invoice.mutable_issue_date() = rpc::ToProto(Date(2009, 6, 1));
  invoice.mutable_due_date()->set_year(2009);
  invoice.mutable_due_date()->set_month(7);
  invoice.mutable_due_date()->set_day(1);
  billing_.Answer(invoices);
  const HttpReply page = HttpGet(receipt);
  for (const char* text :
       {"A-100042-1", "To pay", "1 July 2009", "PO-2009-0417", "Free of charge until 7 June 2009", "Amount due",
        "$146.25", "$446.25", "$71.25", "1 June 2009 – 30 June 2009", "Each invoice says to which account"}) {
    EXPECT_THAT(page.body, HasSubstr(text));
  }
  EXPECT_THAT(page.body, Not(HasSubstr("PO-OF-A-LATER-CHANGE")));
  billing::v1::LegalEntity seller;
  seller.set_currency_code("USD");
  seller.set_legal_name("Seller <Ltd>");
  seller.set_bank_name("Old Bank");
  seller.set_bank_account("DE00OLD");
  *seller.mutable_effective_date() = rpc::ToProto(Date(2009, 1, 1));
  billing_.AnswerSeller(seller);
  seller.set_bank_name("Bank");
  seller.set_bank_account("DE02120300000000202051");
  *seller.mutable_effective_date() = rpc::ToProto(Date(2009, 5, 1));
  billing_.AnswerSeller(seller);
  seller.set_bank_account("DE00NEXT");
  *seller.mutable_effective_date() = rpc::ToProto(Date(2010, 1, 1));
  billing_.AnswerSeller(seller);
  EXPECT_THAT(HttpGet(receipt).body,
              AllOf(HasSubstr("DE02120300000000202051"), HasSubstr("Seller &lt;Ltd&gt;"), Not(HasSubstr("DE00"))));
  EXPECT_EQ(billing_.last_parent(), completed.billing_account());
  clock_.Advance(absl::Hours(31 * 24));
  EXPECT_THAT(HttpGet(receipt).body, HasSubstr("Overdue"));
}

TEST_F(PageControllerTest, TheReceiptShowsEveryInvoiceTheNewestFirst) {
  const std::string receipt = Followed(PressConfirm());
  order::v1::Order completed = FakeOrders::ConfirmedOrder();
  completed.set_state(order::v1::Order::STATE_COMPLETED);
  orders_.Answer(completed);
  std::vector<billing::v1::ListInvoicesResponse> pages(3);
  for (int i = 0; i < 6; ++i) {
    billing::v1::Invoice& invoice = *pages[i / 2].add_invoices();
    invoice.set_invoice_number(absl::StrCat("A-100042-", i + 1));
    invoice.set_state(billing::v1::Invoice::STATE_PAID);
    for (google::type::Money* money :
         {invoice.mutable_net(), invoice.mutable_tax(), invoice.mutable_total(), invoice.mutable_amount_due()}) {
      *money = UsDollars(0, 0);
    }
    *invoice.mutable_due_date() = rpc::ToProto(Date(2009, 7 + i, 1));
  }
  billing_.AnswerPages(pages);
  const std::string page = HttpGet(receipt).body;
  size_t before = 0;
  for (int i = 6; i > 0; --i) {
    const size_t at = page.find(absl::StrCat("<bdi>A-100042-", i, "</bdi>"));
    EXPECT_NE(at, std::string::npos) << i;
    EXPECT_GT(at, before) << i;
    before = at;
  }
  EXPECT_THAT(page, Not(HasSubstr("Amount due"))) << "all are paid";
}

TEST_F(PageControllerTest, TheLinkShowsNothingOfTheReceipt) {
  const std::string receipt = Followed(PressConfirm());
  order::v1::Order completed = FakeOrders::ConfirmedOrder();
  completed.set_state(order::v1::Order::STATE_COMPLETED);
  orders_.Answer(completed);
  billing::v1::ListInvoicesResponse invoices;
  invoices.add_invoices()->set_invoice_number("A-100042-1");
  billing_.Answer(invoices);
  const std::string page = HttpGet(url_).body;
  for (const char* secret :
       {"A-100042-1", "PO-2009-0417", "Ann Buyer", "accounts@fabrikam.example", "1201 Harbour Road"}) {
    EXPECT_THAT(page, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(page, HasSubstr("Your services are ready"));
  EXPECT_THAT(page, HasSubstr("We also wrote to <bdi>a•••@f•••</bdi>"));
  const std::string shown = HttpGet(receipt).body;
  for (const char* text : {"PO-2009-0417", "Ann Buyer, Head of Purchasing", "1201 Harbour Road, Suite 400"}) {
    EXPECT_THAT(shown, HasSubstr(text));
  }
}

TEST_F(PageControllerTest, AnAbandonedOrderSaysThatItWasConfirmedAndNeverSetUp) {
  const std::string receipt = Followed(PressConfirm());
  order::v1::Order abandoned = FakeOrders::ConfirmedOrder();
  abandoned.set_state(order::v1::Order::STATE_CANCELLED);
  orders_.Answer(abandoned);
  for (const std::string& address : {receipt, url_}) {
    EXPECT_THAT(HttpGet(address).body, HasSubstr("You confirmed it, but we could not set it up"));
  }
}

TEST_F(PageControllerTest, AReceiptIsOfItsFormAndOfAConfirmedOrderOnly) {
  const FormFields fields = ConfirmFields();
  orders_.Answer(absl::UnavailableError("down"));
  EXPECT_EQ(HttpPost(url_, fields).status, 503);
  orders_.Answer(FakeOrders::ConfirmedOrder());
  const std::string receipt = Followed(HttpPost(url_, fields));
  EXPECT_EQ(Followed(HttpPost(url_, fields)), receipt) << "the same form finds the same receipt";
  EXPECT_EQ(HttpGet(receipt).status, 200);
  EXPECT_EQ(HttpPost(receipt, fields).status, 400);
  std::string other = receipt;
  other[receipt.size() - 3] = other[receipt.size() - 3] == 'A' ? 'B' : 'A';
  EXPECT_EQ(HttpGet(other).status, 404);
  EXPECT_EQ(HttpGet(Local(absl::StrCat(kPublicUrl, "/r/", url_.substr(url_.rfind('/') + 1)))).status, 404)
      << "the link's secret opens no receipt";
  FormFields strange = fields;
  for (auto& [name, value] : strange) {
    if (name == "form_id") value = NewRequestId();
  }
  EXPECT_EQ(Followed(HttpPost(url_, strange)), url_) << "who did not confirm is led to the link's own page";
}

TEST_F(PageControllerTest, WritesToTheBillingContactAndToWhoeverConfirmed) {
  PressConfirm();
  ASSERT_OK(DeliverConfirmed(issued_.link().name()));
  ASSERT_EQ(mailer_.sent.size(), 2U);
  EXPECT_EQ(mailer_.sent[0].to.address, "accounts@fabrikam.example");
  EXPECT_EQ(mailer_.sent[1].to.address, "ann@fabrikam.example");
  EXPECT_NE(mailer_.sent[0].id, mailer_.sent[1].id);
  const std::string& text = mailer_.sent[0].text;
  for (const char* part :
       {"CS-7K3M-Q9XT-2PBD", "25 x BPOS Standard Suite: $375.00 each month", "Free of charge during the first 7 days",
        "Free to cancel until 7 June 2009", "help@vendor.example"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  const size_t at = text.find(kPublicUrl);
  ASSERT_NE(at, std::string::npos);
  const HttpReply receipt = HttpGet(Local(text.substr(at, text.find('\n', at) - at)));
  EXPECT_EQ(receipt.status, 200);
  EXPECT_THAT(receipt.body, HasSubstr("Ann Buyer"));
}

TEST_F(PageControllerTest, AMailThatTheServerDoesNotTakeIsSentLater) {
  PressConfirm();
  mailer_.answer = absl::UnavailableError("down");
  EXPECT_FALSE(DeliverConfirmed(issued_.link().name()).ok());
  mailer_.answer = absl::OkStatus();
  EXPECT_OK(DeliverConfirmed(issued_.link().name()));
  EXPECT_EQ(mailer_.sent.size(), 2U);
}

TEST_F(PageControllerTest, ABillingAddressThatIsRefusedKeepsNoReceiptFromWhoeverConfirmed) {
  PressConfirm();
  mailer_.refused = "accounts@fabrikam.example";
  mailer_.answer = absl::FailedPreconditionError("550 no such mailbox");
  EXPECT_EQ(DeliverConfirmed(issued_.link().name()).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_EQ(mailer_.sent.size(), 1U);
  EXPECT_EQ(mailer_.sent[0].to.address, "ann@fabrikam.example");
  mailer_.answer = absl::UnavailableError("busy");
  EXPECT_EQ(DeliverConfirmed(issued_.link().name()).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(mailer_.sent.size(), 1U) << "both are sent when it is tried again";
}

TEST_F(PageControllerTest, HasNothingElsewhere) {
  EXPECT_EQ(HttpGet(Local(absl::StrCat(kPublicUrl, "/"))).status, 404);
  EXPECT_EQ(HttpGet(Local(absl::StrCat(kPublicUrl, "/agreements/1999-01"))).status, 404);
}

TEST_F(PageControllerTest, TheAgreementHasAnAddressOfItsOwn) {
  const HttpReply reply = HttpGet(Local(absl::StrCat(kPublicUrl, "/agreements/2009-06")));
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("It sets no price, sends no invoice"));
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("href=\"/agreements/2009-06?lang=en\""));
}

}  // namespace
}  // namespace countersign::link
