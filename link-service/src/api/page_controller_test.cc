// The customer's side, over real HTTP.
#include <array>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/convert.h"
#include "link-service/src/api/api_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpHead;
using ::countersign::testing::HttpPost;
using ::countersign::testing::HttpReply;
using ::countersign::testing::InputValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const FormFields kDecline = {{"action", "decline"}, {"reason", "Too many\r\nseats"}};

absl::Status Refusal(absl::string_view reason, const ErrorMetadata& metadata = {}) {
  return FailedPrecondition(reason, "refused by the test", metadata);
}

class PageControllerTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    issued_ = Issue();
    url_ = Local(issued_.url());
  }

  // The confirm form of the page as it is now, filled in.
  FormFields ConfirmFields() const {
    const std::string page = HttpGet(url_).body;
    return {{"action", "confirm"},
            {"revision", InputValue(page, "revision")},
            {"content_hash", InputValue(page, "content_hash")},
            {"company_name", "Fabrikam, Inc."},
            {"contact_email", "accounts@fabrikam.example"},
            {"purchase_order_number", "PO-2009-0417"},
            {"address", "1201 Harbour Road\r\nSuite 400"},
            {"city", "東京 & Seattle"},
            {"region", "WA"},
            {"postal_code", "98101"},
            {"country", "US"},
            {"agreement", "accepted"}};
  }

  FormFields ConfirmFieldsWith(absl::string_view name, const std::string& value) const {
    FormFields fields = ConfirmFields();
    for (auto& [field, text] : fields) {
      if (field == name) text = value;
    }
    return fields;
  }

  HttpReply PressConfirm() const { return HttpPost(url_, ConfirmFields()); }

  v1::Link::State State() { return GetLink(issued_.link().name()).value_or(v1::Link()).state(); }

  void Decide(v1::Link::State state) {
    ASSERT_OK(Call(&Stub::ApplyOrderOutcome, OutcomeRequest(issued_.link().name(), state)));
  }

  static std::string Outcome() { return database_->Query("SELECT outcome FROM presses").at(0).Bytes(0); }

  v1::IssueLinkResponse issued_;
  std::string url_;
};

TEST_F(PageControllerTest, ShowsTheOrderThePartnerAndWhatItWillLearn) {
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  for (const char* text : {"Contoso Consulting", "CS-7K3M-Q9XT-2PBD", "BPOS Standard Suite", "$375.00", "$15.00",
                           "Each month", "Fabrikam &lt;Inc.&gt; ☕", "Test Vendor", "Confirm order", "Decline order",
                           "2009-06", "made up for the sandbox", "That you confirmed or declined this order",
                           "prorated from that day", "1 July 2009, 09:00 UTC"}) {
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
  for (int i = 0; i < 3; ++i) HttpGet(url_);
  HttpHead(url_);
  HttpGet(url_ + "x");
  views_.Flush(testing::TestDeadline());
  ASSERT_OK_AND_ASSIGN(const v1::Link link, GetLink(issued_.link().name()));
  EXPECT_EQ(link.view_count(), 3);
  EXPECT_EQ(link.last_view_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
}

TEST_F(PageControllerTest, ConfirmsWhatOrderServiceConfirmed) {
  const HttpReply reply = PressConfirm();
  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(absl::StrCat(kPublicUrl, reply.headers.at("location")), issued_.url());
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
  EXPECT_EQ(Outcome(), "CONFIRMED");
  EXPECT_THAT(EventTypes(), ElementsAre("LINK_ISSUED", "PRESS_RECORDED", "LINK_CONFIRMED"));

  ASSERT_EQ(orders_.confirms().size(), 1u);
  const order::v1::ConfirmOrderRequest request = orders_.confirms()[0];
  const order::v1::Acceptance& acceptance = request.acceptance();
  EXPECT_EQ(request.name(), issued_.link().order());
  EXPECT_EQ(request.link(), issued_.link().name());
  EXPECT_EQ(request.revision(), 1);
  EXPECT_EQ(acceptance.company_name(), "Fabrikam, Inc.");
  EXPECT_EQ(acceptance.billing_email(), "accounts@fabrikam.example");
  EXPECT_EQ(acceptance.purchase_order_number(), "PO-2009-0417");
  EXPECT_EQ(acceptance.billing_address().locality(), "東京 & Seattle");
  EXPECT_THAT(acceptance.billing_address().address_lines(), ElementsAre("1201 Harbour Road", "Suite 400"));
  EXPECT_EQ(acceptance.agreement_version(), "2009-06");
  EXPECT_EQ(acceptance.ip_address(), "127.0.0.1");
  EXPECT_EQ(acceptance.press_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(acceptance.content_sha256().size(), 32u);
}

TEST_F(PageControllerTest, KeepsTheEvidenceAndWhatWasShown) {
  PressConfirm();
  const mysql::Row row =
      database_
          ->Query(
              "SELECT p.press_id, p.evidence, p.salt, c.content, c.sha256 FROM presses p JOIN page_contents c "
              "ON c.link_id = p.link_id AND c.sha256 = p.content_sha256")
          .at(0);
  v1::PressEvidence evidence;
  ASSERT_TRUE(evidence.ParseFromString(row.Bytes(1)));
  EXPECT_EQ(evidence.company_name(), "Fabrikam, Inc.");
  EXPECT_EQ(evidence.ip_address(), "127.0.0.1");
  ASSERT_OK_AND_ASSIGN(const std::string shown, Uncompressed(row.Bytes(3)));
  EXPECT_EQ(Sha256(shown), row.Bytes(4));
  v1::PageContent content;
  ASSERT_TRUE(content.ParseFromString(shown));
  EXPECT_EQ(content.review().SerializeAsString(), TestReview().SerializeAsString());
  EXPECT_THAT(content.agreement_text(), HasSubstr("made up for the sandbox"));
  EXPECT_EQ(orders_.confirms().at(0).request_id(), row.Id(0).ToString());

  v1::PressEvent event;
  ASSERT_TRUE(event.ParseFromString(
      database_->Query("SELECT payload FROM events WHERE type = 'PRESS_RECORDED'").at(0).Bytes(0)));
  EXPECT_EQ(event.evidence_digest(), Sha256(row.Bytes(2) + row.Bytes(1)));
  EXPECT_EQ(event.content_sha256(), row.Bytes(4));
}

TEST_F(PageControllerTest, GivesASecondPressTheSameAnswer) {
  const FormFields fields = ConfirmFields();
  const HttpReply first = HttpPost(url_, fields);
  const HttpReply second = HttpPost(url_, fields);
  EXPECT_EQ(second.status, 303);
  EXPECT_EQ(second.headers.at("location"), first.headers.at("location"));
  EXPECT_EQ(HttpPost(url_, kDecline).status, 303);
  EXPECT_EQ(HttpPost(url_, {{"action", "confirm"}}).status, 303);
  EXPECT_EQ(orders_.confirms().size(), 1u);
  EXPECT_TRUE(orders_.declines().empty());
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(PageControllerTest, ConfirmsOnceWhenPressedManyTimesAtOnce) {
  const FormFields fields = ConfirmFields();
  std::array<int, 8> statuses;
  std::vector<std::thread> presses;
  for (int& status : statuses) presses.emplace_back([&] { status = HttpPost(url_, fields).status; });
  for (std::thread& press : presses) press.join();
  EXPECT_THAT(statuses, ::testing::Each(303));
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
  EXPECT_EQ(database_->Query("SELECT 1 FROM events WHERE type = 'LINK_CONFIRMED'").size(), 1u);
  EXPECT_EQ(database_->Query("SELECT 1 FROM presses WHERE outcome = 'CONFIRMED'").size(), orders_.confirms().size());
}

TEST_F(PageControllerTest, ConfirmsAnOrderThatTheRelayToldOfFirst) {
  const FormFields fields = ConfirmFields();
  Decide(v1::Link::STATE_CONFIRMED);
  EXPECT_EQ(HttpPost(url_, fields).status, 303);
  EXPECT_TRUE(orders_.confirms().empty());
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

TEST_F(PageControllerTest, LimitsAnAddressThatGuessesAndNotTheLink) {
  int limited = 0;
  for (int i = 0; i < 200 && limited == 0; ++i) limited = HttpGet(url_ + "x").status == 429 ? i : 0;
  EXPECT_GE(limited, 60);
  EXPECT_EQ(HttpGet(url_).status, 429);
  EXPECT_EQ(State(), v1::Link::STATE_ACTIVE);
}

TEST_F(PageControllerTest, ShowsTheReviewAgainWhenItIsNotWhatTheFormNamed) {
  for (const auto& [field, value] : {std::pair<std::string, std::string>{"content_hash", std::string(64, 'a')},
                                     {"content_hash", ""},
                                     {"revision", "2"},
                                     {"revision", ""}}) {
    const HttpReply reply = HttpPost(url_, ConfirmFieldsWith(field, value));
    EXPECT_EQ(reply.status, 409) << field << value;
    EXPECT_THAT(reply.body, HasSubstr("This order has changed since you opened it"));
    EXPECT_THAT(reply.body, HasSubstr("PO-2009-0417"));
    EXPECT_THAT(reply.body, Not(HasSubstr("checked")));
  }
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_EQ(CountRows("presses"), 0);
  EXPECT_EQ(State(), v1::Link::STATE_ACTIVE);
}

TEST_F(PageControllerTest, NamesTheDetailsThatNeedFixingAndKeepsTheRest) {
  const HttpReply reply = HttpPost(url_, ConfirmFieldsWith("contact_email", "accounts at fabrikam"));
  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.body, HasSubstr("Some details need fixing"));
  EXPECT_EQ(InputValue(reply.body, "contact_email"), "accounts at fabrikam");
  EXPECT_EQ(InputValue(reply.body, "company_name"), "Fabrikam, Inc.");
  EXPECT_EQ(HttpPost(url_, ConfirmFieldsWith("agreement", "")).status, 422);
  EXPECT_EQ(HttpPost(url_, {{"action", "decline"}, {"reason", std::string(501, 'x')}}).status, 422);
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_TRUE(orders_.declines().empty());
  EXPECT_EQ(CountRows("presses"), 0);
}

TEST_F(PageControllerTest, RefusesWhatIsNoFormOfOurs) {
  for (const FormFields& fields :
       {FormFields{}, FormFields{{"action", "pay"}}, FormFields{{"action", "request_new_link"}},
        FormFields{{"action", "confirm"}, {"action", "decline"}}}) {
    EXPECT_EQ(HttpPost(url_, fields).status, 400);
  }
  EXPECT_EQ(CountRows("presses"), 0);
}

TEST_F(PageControllerTest, SaysReceivedAndKeepsTheFormWhileOrderServiceIsDown) {
  for (const absl::Status& down :
       {absl::UnavailableError("down"), absl::DeadlineExceededError("slow"), absl::ResourceExhaustedError("busy")}) {
    orders_.Answer(down);
    const HttpReply reply = PressConfirm();
    EXPECT_EQ(reply.status, 503);
    EXPECT_THAT(reply.body, HasSubstr("Received, not yet confirmed"));
    EXPECT_EQ(InputValue(reply.body, "purchase_order_number"), "PO-2009-0417");
    EXPECT_EQ(InputValue(reply.body, "city"), "東京 & Seattle");
    EXPECT_EQ(State(), v1::Link::STATE_ACTIVE);
  }
  EXPECT_EQ(CountRows("presses"), 3);
  EXPECT_EQ(CountRows("page_contents"), 1);
  EXPECT_EQ(HttpPost(url_, kDecline).status, 503);
  orders_.Answer(FakeOrders::ConfirmedOrder());
  EXPECT_EQ(PressConfirm().status, 303);
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(PageControllerTest, ShowsWhyOrderServiceRefusedAndWhomToAsk) {
  const std::vector<std::pair<absl::Status, std::string>> refusals = {
      {Refusal("ORDER_EXPIRED"), "This order has expired"},
      {Refusal("LINK_NOT_CURRENT"), "This order has been revised"},
      {Refusal("REVISION_NOT_CURRENT"), "This order has been revised"},
      {Refusal("PARTNER_NOT_ACTIVE"), "This order cannot be confirmed now"},
      {Refusal("ORDER_STATE", {{"state", "CANCELLED"}}), "This order was cancelled"},
      {Refusal("ORDER_STATE", {{"state", "DECLINED"}}), "You declined this order"},
      {Refusal("SOMETHING_NEW"), "This order cannot be confirmed now"}};
  for (const auto& [refusal, heading] : refusals) {
    orders_.Answer(refusal);
    const HttpReply reply = PressConfirm();
    EXPECT_EQ(reply.status, 409);
    EXPECT_THAT(reply.body, HasSubstr(heading));
    EXPECT_THAT(reply.body, HasSubstr("Contoso Consulting"));
    EXPECT_THAT(reply.body, Not(HasSubstr("refused by the test")));
    EXPECT_EQ(State(), v1::Link::STATE_ACTIVE) << "only order-service's outcome ends a link";
  }
  EXPECT_EQ(CountRows("presses"), 7);
  EXPECT_EQ(database_->Query("SELECT 1 FROM presses WHERE outcome = 'ORDER_EXPIRED'").size(), 1u);
}

TEST_F(PageControllerTest, ShowsTheStateThatOrderServiceTold) {
  const std::vector<std::pair<v1::Link::State, std::string>> states = {
      {v1::Link::STATE_DECLINED, "You declined this order"},
      {v1::Link::STATE_EXPIRED, "This order has expired"},
      {v1::Link::STATE_REVOKED, "This link has been withdrawn"},
      {v1::Link::STATE_SUPERSEDED, "This order has been revised"}};
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

TEST_F(PageControllerTest, ShowsAnOrderAsExpiredByTheClockAlone) {
  clock_.Advance(absl::Hours(30 * 24));
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("This order has expired"));
  EXPECT_THAT(reply.body, HasSubstr("ask Contoso Consulting for a new link"));
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

TEST_F(PageControllerTest, DeclinesOnceAndSaysSoAgain) {
  order::v1::Order declined;
  declined.set_etag("4");
  declined.set_state(order::v1::Order::STATE_DECLINED);
  *declined.mutable_update_time() = rpc::ToProto(clock_.Now());
  orders_.Answer(declined);
  EXPECT_EQ(HttpPost(url_, kDecline).status, 303);
  EXPECT_EQ(HttpPost(url_, kDecline).status, 303);
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("You declined this order"));
  EXPECT_EQ(State(), v1::Link::STATE_DECLINED);
  EXPECT_EQ(Outcome(), "DECLINED");
  ASSERT_EQ(orders_.declines().size(), 1u);
  EXPECT_EQ(orders_.declines()[0].reason(), "Too many\nseats");
  EXPECT_EQ(orders_.declines()[0].link(), issued_.link().name());
  EXPECT_THAT(EventTypes(), ElementsAre("LINK_ISSUED", "PRESS_RECORDED", "LINK_DECLINED"));
  ASSERT_OK_AND_ASSIGN(const Link link,
                       links_.Find(testing::TestDeadline(), *Uuid::Parse(issued_.link().name().substr(6))));
  EXPECT_EQ(link.order_version, 4);
}

TEST_F(PageControllerTest, SaysConfirmedEvenWhenAllPeersAreDown) {
  EXPECT_EQ(PressConfirm().status, 303);
  orders_.Answer(absl::UnavailableError("down"));
  const HttpReply reply = HttpGet(url_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("Your order is confirmed"));
  EXPECT_THAT(reply.body, HasSubstr("$375.00"));
  EXPECT_THAT(reply.body, HasSubstr("1 June 2009, 09:53 UTC"));
}

TEST_F(PageControllerTest, ShowsTheInvoicesOnceTheOrderIsCompleted) {
  EXPECT_EQ(PressConfirm().status, 303);
  order::v1::Order completed = FakeOrders::ConfirmedOrder();
  completed.set_state(order::v1::Order::STATE_COMPLETED);
  completed.set_billing_account("billingAccounts/" + NewUuid());
  orders_.Answer(completed);
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Your services are ready."));

  billing::v1::ListInvoicesResponse invoices;
  billing::v1::Invoice& invoice = *invoices.add_invoices();
  invoice.set_invoice_number("A-100042-1");
  invoice.set_state(billing::v1::Invoice::STATE_OPEN);
  invoice.set_purchase_order_number("PO-2009-0417");
  invoice.mutable_total()->set_currency_code("USD");
  invoice.mutable_total()->set_units(375);
  invoice.mutable_due_date()->set_year(2009);
  invoice.mutable_due_date()->set_month(7);
  invoice.mutable_due_date()->set_day(1);
  billing_.Answer(invoices);
  const HttpReply page = HttpGet(url_);
  for (const char* text : {"A-100042-1", "Due", "1 July 2009", "PO-2009-0417", "Free of charge until 7 June 2009"}) {
    EXPECT_THAT(page.body, HasSubstr(text));
  }
  EXPECT_EQ(billing_.last_parent(), completed.billing_account());
  clock_.Advance(absl::Hours(31 * 24));
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Overdue"));
}

TEST_F(PageControllerTest, HasNothingElsewhere) {
  EXPECT_EQ(HttpGet(Local(absl::StrCat(kPublicUrl, "/"))).status, 404);
  EXPECT_EQ(HttpGet(Local(absl::StrCat(kPublicUrl, "/favicon.ico"))).status, 404);
}

}  // namespace
}  // namespace countersign::link
