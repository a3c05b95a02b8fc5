// A lost receipt: SendAccessLink, the page /find, and the mail.
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/domain/access_link.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpPost;
using ::countersign::testing::HttpReply;
using ::countersign::testing::InputValue;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kNumber[] = "CS-7K3M-Q9XT-2PBD";
constexpr char kContact[] = "accounts@fabrikam.example";

class AccessLinksTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    receipt_ = Followed(PressConfirm());
    order::v1::Order order = FakeOrders::ConfirmedOrder();
    order.set_name(issued_.link().order());
    order.set_state(order::v1::Order::STATE_COMPLETED);
    order.set_order_number(kNumber);
    order.set_link(issued_.link().name());
    order.set_billing_account(FakeBilling::kAccount);
    orders_.Answer(order);
    billing_.AnswerContact(kContact);
  }

  std::string Partner() const { return issued_.link().order().substr(0, issued_.link().order().find("/orders/")); }

  absl::StatusOr<v1::SendAccessLinkResponse> SendAccessLink(absl::string_view caller) {
    v1::SendAccessLinkRequest request;
    request.set_name(issued_.link().name());
    request.set_request_id(NewRequestId());
    return Call(&Stub::SendAccessLink, request, caller);
  }

  std::string FindUrl() const { return Local(absl::StrCat(kPublicUrl, "/find")); }

  HttpReply Find(const std::string& number, const std::string& email) {
    HttpReply reply = HttpPost(FindUrl(), {{"action", "find"}, {"number", number}, {"email", email}});
    finder_.WorkOff();
    return reply;
  }

  // The address in the newest mail, in this test.
  std::string MailedAddress() const {
    for (const absl::string_view line : absl::StrSplit(mailer_.sent.back().text, '\n')) {
      if (absl::StartsWith(line, kPublicUrl)) return Local(std::string(line));
    }
    return "";
  }

  std::string receipt_;
};

TEST_F(AccessLinksTest, APartnerHasTheReceiptMailedAndSeesNothingOfIt) {
  ASSERT_OK_AND_ASSIGN(const v1::SendAccessLinkResponse reply, SendAccessLink(Partner()));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
  ASSERT_OK(DeliverAccessLink());
  ASSERT_EQ(mailer_.sent.size(), 1u);
  EXPECT_EQ(mailer_.sent[0].to.address, kContact);
  EXPECT_THAT(mailer_.sent[0].subject, HasSubstr(kNumber));
  const HttpReply opened = HttpGet(MailedAddress());
  EXPECT_EQ(opened.status, 200);
  EXPECT_THAT(opened.body, HasSubstr("Ann Buyer"));
  const std::vector<mysql::Row> rows = database_->Query("SELECT asked_by FROM access_links");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Bytes(0), "PARTNER");
  v1::AccessLinkEvent event;
  ASSERT_TRUE(event.ParseFromString(
      database_->Query("SELECT payload FROM events WHERE type = 'ACCESS_LINK_REQUESTED'").at(0).Bytes(0)));
  EXPECT_EQ(event.asked_by(), v1::AccessLinkEvent::ASKER_PARTNER);
}

TEST_F(AccessLinksTest, MailsAreInTheLanguageOfTheConfirmation) {
  issued_ = Issue();
  url_ = Local(issued_.url());
  order::v1::Order order = FakeOrders::ConfirmedOrder();
  order.set_billing_account(FakeBilling::kAccount);
  orders_.Answer(order);
  FormFields fields = ConfirmFields();
  const std::string german = HttpGet(url_ + "?lang=de").body;
  for (auto& [name, value] : fields) {
    if (name == "content_hash" || name == "form_id") value = InputValue(german, name);
  }
  fields.emplace_back("lang", "de");
  ASSERT_EQ(HttpPost(url_ + "?lang=de", fields).status, 303);
  ASSERT_OK(DeliverConfirmed(issued_.link().name()));
  ASSERT_FALSE(mailer_.sent.empty());
  EXPECT_EQ(mailer_.sent.back().subject, absl::StrCat("Bestellung ", kNumber, " ist bestätigt"));
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("Kostenlos kündbar bis 7. Juni 2009"));
  ASSERT_OK(SendAccessLink(kOperator));
  ASSERT_OK(DeliverAccessLink());
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("Hier ist der Beleg der Bestellung"));
}

TEST(AccessLinkEventTest, EveryAskerHasItsValueInTheEvents) {
  for (const auto& [asker, name] : kAccessLinkAskers) {
    EXPECT_NE(rpc::EnumNamed<v1::AccessLinkEvent::Asker>("ASKER_", name), v1::AccessLinkEvent::ASKER_UNSPECIFIED)
        << name;
  }
}

TEST_F(AccessLinksTest, AnotherPartnerFindsNoSuchLink) {
  EXPECT_EQ(SendAccessLink(absl::StrCat("partners/", NewRequestId())).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(CountRows("access_links"), 0);
}

TEST_F(AccessLinksTest, IsOneInTenMinutesHoweverItIsAskedFor) {
  ASSERT_OK(SendAccessLink(kOperator));
  EXPECT_EQ(DetailsOf(SendAccessLink(Partner()).status()).reason, "TOO_MANY_ACCESS_LINKS");
  EXPECT_EQ(Find(kNumber, kContact).status, 303);
  EXPECT_EQ(CountRows("access_links"), 1);
  clock_.Advance(absl::Minutes(10));
  EXPECT_EQ(Find(kNumber, kContact).status, 303);
  EXPECT_EQ(CountRows("access_links"), 2);
}

TEST_F(AccessLinksTest, OnlyAConfirmedLinkHasAReceipt) {
  issued_ = Issue();
  EXPECT_EQ(DetailsOf(SendAccessLink(kOperator).status()).reason, "LINK_STATE");
}

TEST_F(AccessLinksTest, FindMailsByTheNumberOfAnOrderAnAccountOrAnInvoice) {
  for (const char* number : {"cs-7k3m-q9xt-2pbd", "4821937564", "4821937564-3"}) {
    EXPECT_EQ(Find(number, "Accounts@Fabrikam.example").status, 303) << number;
    ASSERT_OK(DeliverAccessLink());
    EXPECT_EQ(mailer_.sent.back().to.address, kContact);
    EXPECT_EQ(HttpGet(MailedAddress()).status, 200);
    clock_.Advance(absl::Minutes(10));
  }
  EXPECT_EQ(mailer_.sent.size(), 3u);
  EXPECT_EQ(CountRows("access_links WHERE asked_by = 'CUSTOMER'"), 3);
}

TEST_F(AccessLinksTest, FindAnswersAlikeWhateverItFinds) {
  const HttpReply right = Find(kNumber, kContact);
  ASSERT_EQ(right.status, 303);
  EXPECT_THAT(right.headers.at("location"), EndsWith("/find/sent"));
  for (const auto& [number, email] : std::vector<std::pair<std::string, std::string>>{
           {kNumber, "sales@contoso.example"}, {"CS-0000-0000-0000", kContact}, {"4821937565", kContact}}) {
    const HttpReply wrong = Find(number, email);
    EXPECT_EQ(wrong.status, right.status);
    EXPECT_EQ(wrong.body, right.body);
    EXPECT_EQ(wrong.headers.at("location"), right.headers.at("location"));
  }
  orders_.Answer(absl::UnavailableError("down"));
  EXPECT_EQ(Find(kNumber, kContact).status, 303);
  EXPECT_EQ(CountRows("access_links"), 1);
  EXPECT_THAT(HttpGet(Local(absl::StrCat(kPublicUrl, "/find/sent"))).body, HasSubstr("belong together"));
  EXPECT_THAT(HttpGet(FindUrl()).body, Not(HasSubstr("Your link is personal"))) << "the page is everybody's";
}

TEST_F(AccessLinksTest, FindKeepsWhatWasTypedAndSaysWhatIsWrong) {
  const HttpReply wrong = Find("", "nobody");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("Enter the number of an order"));
  EXPECT_EQ(InputValue(wrong.body, "email"), "nobody");
  const HttpReply german = HttpPost(absl::StrCat(FindUrl(), "?lang=de"),
                                    {{"action", "language"}, {"number", "<b>"}, {"email", "a@b.example"}});
  EXPECT_EQ(german.status, 200);
  EXPECT_THAT(german.body, HasSubstr("Beleg wiederfinden"));
  EXPECT_THAT(german.body, HasSubstr("&lt;b&gt;"));
  EXPECT_THAT(german.body, Not(HasSubstr("class=\"alert")));
  EXPECT_EQ(HttpPost(Local(absl::StrCat(kPublicUrl, "/find/sent")), {{"action", "find"}}).status, 400);
}

TEST_F(AccessLinksTest, FindIsLimitedPerAddress) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Find("CS-0000-0000-0000", kContact).status, 303);
  const HttpReply limited = Find(kNumber, kContact);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(InputValue(limited.body, "number"), kNumber);
  EXPECT_EQ(CountRows("access_links"), 0);
}

TEST_F(AccessLinksTest, TheReceiptCanBeReadWhileASubscriptionLivesAndThirteenMonthsMore) {
  billing::v1::Subscription subscription;
  subscription.set_name("billingAccounts/a/subscriptions/s");
  subscription.set_state(billing::v1::Subscription::STATE_ACTIVE);
  billing_.AnswerSubscription(subscription);
  clock_.Advance(absl::Hours(24 * 500));
  EXPECT_EQ(HttpGet(receipt_).status, 200);
  EXPECT_EQ(HttpGet(url_).status, 404) << "the partner's link ends after 13 months";
  subscription.set_state(billing::v1::Subscription::STATE_CANCELLED);
  subscription.mutable_end_date()->set_year(2009);
  subscription.mutable_end_date()->set_month(9);
  subscription.mutable_end_date()->set_day(15);
  billing_.AnswerSubscription(subscription);
  EXPECT_EQ(HttpGet(receipt_).status, 200) << "2010-10-14";
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(HttpGet(receipt_).status, 404);
  ASSERT_OK(SendAccessLink(kOperator));
  ASSERT_OK(DeliverAccessLink());
  EXPECT_TRUE(mailer_.sent.empty()) << "there is nothing to read any more";
}

TEST_F(AccessLinksTest, TroublePagesSayWhereALostReceiptIsFoundAndTheReceiptDoesNot) {
  EXPECT_THAT(HttpGet(Local(absl::StrCat(kPublicUrl, "/c/x"))).body, HasSubstr("/find?lang=en"));
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("/find?lang=en"));
  EXPECT_THAT(HttpGet(receipt_).body, Not(HasSubstr("/find?lang=en")));
}

}  // namespace
}  // namespace countersign::link
