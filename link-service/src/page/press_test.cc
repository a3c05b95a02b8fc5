// Pressing Confirm order and Decline order.
#include "link-service/src/domain/press.h"

#include <array>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/page/page_test_base.h"
#include "link-service/src/page/shown_page.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpPost;
using ::countersign::testing::HttpReply;
using ::countersign::testing::InputValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PressTest : public PageTest {
 protected:
  // Of all presses, in their order.
  static std::vector<std::string> Outcomes() {
    std::vector<std::string> outcomes;
    for (const mysql::Row& row : database_->Query("SELECT outcome FROM presses ORDER BY press_id")) {
      outcomes.push_back(row.Bytes(0));
    }
    return outcomes;
  }
};

absl::Status Refusal(absl::string_view reason, const ErrorMetadata& metadata = {}) {
  return FailedPrecondition(reason, "refused by the test", metadata);
}

TEST_F(PressTest, ConfirmsWhatOrderServiceConfirmed) {
  const HttpReply reply = PressConfirm();
  EXPECT_EQ(reply.status, 303);
  EXPECT_THAT(reply.headers.at("location"), ::testing::StartsWith("/r/"));
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
  EXPECT_EQ(acceptance.confirmer_name(), "Ann Buyer");
  EXPECT_EQ(acceptance.confirmer_title(), "Head of Purchasing");
  EXPECT_EQ(acceptance.confirmer_email(), "ann@fabrikam.example");
  EXPECT_EQ(acceptance.press_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(acceptance.content_sha256().size(), 32u);
}

TEST_F(PressTest, ARestatedLinkTellsItsPressAsItWasMade) {
  PressConfirm();
  clock_.Advance(absl::Hours(1));
  v1::RestateLinkRequest request;
  request.set_name(issued_.link().name());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Link link, Call(&Stub::RestateLink, request, "operators/ann"));
  EXPECT_EQ(link.state(), v1::Link::STATE_CONFIRMED);
  ASSERT_EQ(orders_.confirms().size(), 2u);
  EXPECT_EQ(orders_.confirms()[1].SerializeAsString(), orders_.confirms()[0].SerializeAsString());
  EXPECT_EQ(EventTypes().back(), "LINK_RESTATED");
}

TEST_F(PressTest, ARestatedLinkThatNobodyPressedTellsNothing) {
  v1::RestateLinkRequest request;
  request.set_name(issued_.link().name());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Link link, Call(&Stub::RestateLink, request, "operators/ann"));
  EXPECT_EQ(link.state(), v1::Link::STATE_ACTIVE);
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_TRUE(orders_.declines().empty());
}

TEST_F(PressTest, AnOrderForARegionIsBilledThere) {
  v1::IssueLinkRequest request = IssueRequest();
  request.mutable_review()->set_region_code("DE");
  request.mutable_review()->set_purchase_order_number("PO-OF-THE-PARTNER");
  ASSERT_OK_AND_ASSIGN(issued_, Call(&Stub::IssueLink, request));
  url_ = Local(issued_.url());
  const std::string page = HttpGet(url_).body;
  EXPECT_THAT(page, HasSubstr("<option value=\"DE\" selected>Germany</option>"));
  EXPECT_THAT(page, HasSubstr("PO-OF-THE-PARTNER"));
  const HttpReply refused = PressConfirm();
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("This order is for a company in Germany."));
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_EQ(HttpPost(url_, ConfirmFieldsWith("country", "DE")).status, 303);
}

TEST_F(PressTest, KeepsTheEvidenceAndWhatWasShown) {
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
  EXPECT_EQ(event.act(), v1::PressEvent::ACT_CONFIRM);
  EXPECT_EQ(event.evidence_digest(), Sha256(row.Bytes(2) + row.Bytes(1)));
  EXPECT_EQ(event.content_sha256(), row.Bytes(4));
}

TEST(PressEventTest, NamesEveryAct) {
  for (const auto& [act, name] : kPressActs) {
    EXPECT_NE(ToProto(act), v1::PressEvent::ACT_UNSPECIFIED) << name;
  }
}

TEST_F(PressTest, GivesASecondPressTheSameAnswer) {
  const FormFields fields = ConfirmFields();
  const HttpReply first = HttpPost(url_, fields);
  const HttpReply second = HttpPost(url_, fields);
  EXPECT_EQ(second.status, 303);
  EXPECT_EQ(second.headers.at("location"), first.headers.at("location"));
  EXPECT_EQ(HttpPost(url_, {{"action", "confirm"}}).status, 303);
  EXPECT_EQ(orders_.confirms().size(), 1u);
  EXPECT_TRUE(orders_.declines().empty());
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(PressTest, ConfirmsOnceWhenPressedManyTimesAtOnce) {
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

TEST_F(PressTest, ThePressThatConfirmedStandsHoweverManyWereMade) {
  const FormFields first = ConfirmFields(), second = ConfirmFieldsWith("company_name", "Another Ltd");
  orders_.Answer(absl::UnavailableError("its answer is lost"));
  EXPECT_EQ(HttpPost(url_, first).status, 503);
  order::v1::Order confirmed = FakeOrders::ConfirmedOrder();
  *confirmed.mutable_press_time() = rpc::ToProto(clock_.Now());
  orders_.Answer(confirmed);
  clock_.Advance(absl::Seconds(1));
  const HttpReply lost = HttpPost(url_, second);
  EXPECT_EQ(lost.status, 303);
  EXPECT_THAT(lost.headers.at("location"), Not(::testing::StartsWith("/r/"))) << "the receipt is of the first press";
  EXPECT_THAT(Outcomes(), ElementsAre("CONFIRMED", "ALREADY_CONFIRMED"));
  const HttpReply again = HttpPost(url_, first);
  ASSERT_THAT(again.headers.at("location"), ::testing::StartsWith("/r/"));
  EXPECT_THAT(HttpGet(Followed(again)).body, HasSubstr("Fabrikam, Inc."));
}

TEST_F(PressTest, TheRelayTellsWhichPressConfirmed) {
  const FormFields first = ConfirmFields(), second = ConfirmFields();
  orders_.Answer(absl::UnavailableError("its answer is lost"));
  const absl::Time press_time = clock_.Now();
  EXPECT_EQ(HttpPost(url_, first).status, 503);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(HttpPost(url_, second).status, 503);
  v1::ApplyOrderOutcomeRequest request = OutcomeRequest(issued_.link().name(), v1::Link::STATE_CONFIRMED);
  *request.mutable_press_time() = rpc::ToProto(press_time);
  ASSERT_OK(Call(&Stub::ApplyOrderOutcome, request));
  EXPECT_THAT(Outcomes(), ElementsAre("CONFIRMED", ""));
  EXPECT_THAT(HttpPost(url_, first).headers.at("location"), ::testing::StartsWith("/r/"));
  EXPECT_THAT(HttpPost(url_, second).headers.at("location"), Not(::testing::StartsWith("/r/")));
}

TEST_F(PressTest, ConfirmsAnOrderThatTheRelayToldOfFirst) {
  const FormFields fields = ConfirmFields();
  Decide(v1::Link::STATE_CONFIRMED);
  EXPECT_EQ(HttpPost(url_, fields).status, 303);
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(PressTest, ShowsTheReviewAgainWhenItIsNotWhatTheFormNamed) {
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

TEST_F(PressTest, NamesTheDetailsThatNeedFixingAndKeepsTheRest) {
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

TEST_F(PressTest, RefusesWhatIsNoFormOfOurs) {
  for (const FormFields& fields :
       {FormFields{}, FormFields{{"action", "pay"}}, FormFields{{"action", "request_new_link"}},
        FormFields{{"action", "confirm"}, {"action", "decline"}}}) {
    EXPECT_EQ(HttpPost(url_, fields).status, 400);
  }
  EXPECT_EQ(CountRows("presses"), 0);
}

TEST_F(PressTest, SaysReceivedAndKeepsTheFormWhileOrderServiceIsDown) {
  for (const absl::Status& down :
       {absl::UnavailableError("down"), absl::DeadlineExceededError("slow"), absl::ResourceExhaustedError("busy"),
        absl::UnknownError("cut off"), absl::InternalError("of a commit")}) {
    orders_.Answer(down);
    const HttpReply reply = PressConfirm();
    EXPECT_EQ(reply.status, 503);
    EXPECT_THAT(reply.body, HasSubstr("Received, not yet confirmed"));
    EXPECT_EQ(InputValue(reply.body, "purchase_order_number"), "PO-2009-0417");
    EXPECT_EQ(InputValue(reply.body, "city"), "東京 & Seattle");
    EXPECT_EQ(State(), v1::Link::STATE_ACTIVE);
  }
  EXPECT_EQ(CountRows("presses"), 5);
  EXPECT_EQ(CountRows("page_contents"), 1);
  orders_.Answer(FakeOrders::ConfirmedOrder());
  EXPECT_EQ(PressConfirm().status, 303);
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(PressTest, ShowsWhyOrderServiceRefusedAndWhomToAsk) {
  const std::vector<std::pair<absl::Status, std::string>> refusals = {
      {Refusal("ORDER_EXPIRED"), "This order has expired"},
      {Refusal("LINK_NOT_CURRENT"), "This link is no longer current"},
      {Refusal("REVISION_NOT_CURRENT"), "This link is no longer current"},
      {Refusal("PARTNER_NOT_ACTIVE"), "This order was withdrawn"},
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

TEST_F(PressTest, DeclinesOnceAndSaysSoAgain) {
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
                       links_.Get(testing::TestDeadline(), *Uuid::Parse(issued_.link().name().substr(6))));
  EXPECT_EQ(link.order_version, 4);
}

TEST_F(PressTest, SaysReceivedToADeclineThatOrderServiceDidNotAnswer) {
  orders_.Answer(absl::UnavailableError("down"));
  FormFields fields = ConfirmFieldsWith("company_name", "Typed Ltd");
  fields[0] = {"action", "decline"};
  fields.emplace_back("reason", "Too dear");
  const HttpReply reply = HttpPost(url_, fields);
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr("Received, not yet declined"));
  EXPECT_THAT(reply.body, HasSubstr("Too dear</textarea>"));
  EXPECT_EQ(InputValue(reply.body, "company_name"), "Typed Ltd") << "no content of the form is lost";
}

TEST_F(PressTest, SaysReceivedToWhoeverOpensThePageWhileAPressIsUndecided) {
  orders_.Answer(absl::UnavailableError("down"));
  PressConfirm();
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Received, not yet confirmed"));
  clock_.Advance(absl::Hours(31 * 24));
  EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr("Nothing was ordered"))) << "order-service may have confirmed it";
  HttpPost(url_, kDecline);
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Received, not yet declined"));
  Decide(v1::Link::STATE_CONFIRMED);
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Your order is confirmed"));
}

TEST_F(PressTest, TellsThePressThatLostWhichOneStands) {
  PressConfirm();
  HttpReply reply = HttpPost(url_, kDecline);
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("Your “Decline order” came too late"));
  EXPECT_THAT(reply.body, HasSubstr("Your order is confirmed"));

  issued_ = Issue();
  url_ = Local(issued_.url());
  orders_.Answer(Refusal("ORDER_STATE", {{"state", "DECLINED"}}));
  reply = PressConfirm();
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("Your “Confirm order” came too late"));
  orders_.Answer(Refusal("ORDER_STATE", {{"state", "CONFIRMED"}}));
  reply = HttpPost(url_, kDecline);
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("Your “Decline order” came too late"));
}

TEST_F(PressTest, EnterInAFieldOrdersNothingAndKeepsWhatWasTyped) {
  FormFields fields = ConfirmFields();
  fields[0] = {"action", "check"};
  const HttpReply reply = HttpPost(url_, fields);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("Nothing is ordered yet"));
  EXPECT_EQ(InputValue(reply.body, "purchase_order_number"), "PO-2009-0417");
  EXPECT_THAT(reply.body, HasSubstr("The company is <bdi>Fabrikam, Inc.</bdi>"));
  for (auto& [name, value] : fields) {
    if (name == "contact_email") value = "no address";
  }
  EXPECT_EQ(HttpPost(url_, fields).status, 422);
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_EQ(CountRows("presses"), 0);
}

TEST_F(PressTest, NamesWhatChangedSinceTheFormWasShown) {
  orders_.Answer(absl::UnavailableError("down"));
  FormFields fields = ConfirmFields();
  EXPECT_EQ(HttpPost(url_, fields).status, 503);  // Keeps what was shown.
  v1::OrderReview review = TestReview();
  review.mutable_lines(0)->set_quantity(30);
  database_->Execute("UPDATE links SET review = ?", {review.SerializeAsString()});
  const HttpReply reply = HttpPost(url_, fields);
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("BPOS Standard Suite: seats 25 → 30"));
}

}  // namespace
}  // namespace countersign::link
