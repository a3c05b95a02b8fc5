// A billing contact that was mistyped and never used is corrected on the receipt, by whoever confirmed.
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/invoice_service.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpPost;
using ::countersign::testing::HttpReply;
using ::countersign::testing::InputValue;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMistyped[] = "accounts@fabrikam.example";  // As PageTest types it.
constexpr char kConfirmer[] = "ann@fabrikam.example";

class ContactCorrectionTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    receipt_ = Followed(PressConfirm());
    BringOrder();
  }

  // The order is set up, and its account is new.
  void BringOrder() {
    order::v1::Order order = FakeOrders::ConfirmedOrder();
    order.set_name(issued_.link().order());
    order.set_state(order::v1::Order::STATE_COMPLETED);
    order.set_billing_account(FakeBilling::kAccount);
    orders_.Answer(order);
    billing_.AnswerContact(kMistyped);
    billing_.LetCorrect(order.name());
    billing_.Answer(billing::v1::ListInvoicesResponse());
    billing::v1::Subscription running;
    running.set_name(absl::StrCat(FakeBilling::kAccount, "/subscriptions/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a12"));
    running.set_state(billing::v1::Subscription::STATE_ACTIVE);
    *running.mutable_term_end_date() = rpc::ToProto(Date(2010, 6, 1));
    running.mutable_renewal()->set_auto_renew(true);
    billing_.AnswerSubscription(running);
  }

  HttpReply Preview(const std::string& act = "change_contact") const { return HttpPost(receipt_, {{"action", act}}); }

  static FormFields Filled(const HttpReply& page, const std::string& action, const std::string& email,
                           const std::string& code = "") {
    return {{"action", action},
            {"act", InputValue(page.body, "act")},
            {"plan_hash", InputValue(page.body, "plan_hash")},
            {"form_id", InputValue(page.body, "form_id")},
            {"new_email", email},
            {"code", code}};
  }

  std::string NewestCode() const {
    const std::string& text = mailer_.sent.back().text;
    return text.substr(text.find("Code: ") + 6, 6);
  }

  // The receipt's address in the mail to `address`, in this test.
  std::string MailedTo(const std::string& address) const {
    for (const mail::Message& message : mailer_.sent) {
      if (message.to.address != address) continue;
      for (const absl::string_view line : absl::StrSplit(message.text, '\n')) {
        if (absl::StartsWith(line, kPublicUrl)) return Local(std::string(line));
      }
    }
    return "";
  }

  void OpenAsPerson(const std::string& url) {
    EXPECT_EQ(HttpGet(url, {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1"}).status, 200);
    views_.Flush(testing::TestDeadline());
    EXPECT_OK(DeliverContactProofs());
  }

  std::string receipt_;
};

TEST_F(ContactCorrectionTest, WhoeverConfirmedCorrectsItWithACodeFromItsOwnMail) {
  const HttpReply preview = Preview();
  EXPECT_THAT(preview.body, HasSubstr("Correct the billing contact?"));
  EXPECT_EQ(InputValue(preview.body, "act"), "correct_contact");
  EXPECT_THAT(preview.body, HasSubstr("whoever confirmed this order, <bdi>a•••@f•••</bdi>"));
  const HttpReply mailed = HttpPost(receipt_, Filled(preview, "act_code", "right@fabrikam.example"));
  EXPECT_EQ(mailed.status, 200);
  EXPECT_EQ(mailer_.sent.back().to.address, kConfirmer);
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("codes go to another address at once"));
  EXPECT_EQ(HttpPost(receipt_, Filled(mailed, "act_confirm", "right@fabrikam.example", "12")).status, 422);
  const FormFields form = Filled(mailed, "act_confirm", "right@fabrikam.example", NewestCode());
  EXPECT_EQ(HttpPost(receipt_, form).status, 303);
  ASSERT_EQ(billing_.contact_changes().size(), 1u);
  EXPECT_EQ(billing_.contact_changes()[0].billing_email(), "right@fabrikam.example");
  EXPECT_EQ(billing_.contact_changes()[0].corrected_by_order(), issued_.link().order());
  EXPECT_EQ(HttpPost(receipt_, form).status, 303) << "the same form again";
  EXPECT_EQ(billing_.contact_changes().size(), 1u);
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("you changed the billing contact"));
  EXPECT_OK(DeliverContactProofs());
  EXPECT_NE(billing_.correctable_by(), "") << "that code proves nothing of the contact's mail";
}

TEST_F(ContactCorrectionTest, AnAddressInThePartnersDomainIsRefused) {
  const HttpReply preview = Preview();
  const HttpReply refused = HttpPost(receipt_, Filled(preview, "act_code", "ann@CONTOSO.example"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("Your partner’s address has this domain, too."));
  EXPECT_TRUE(mailer_.sent.empty());
}

TEST_F(ContactCorrectionTest, AfterItsMailWasReadItTakesACodeFromThere) {
  ASSERT_OK(DeliverConfirmed(issued_.link().name()));
  ASSERT_NE(MailedTo(kMistyped), MailedTo(kConfirmer)) << "each mail has an address of its own";
  OpenAsPerson(receipt_);
  OpenAsPerson(MailedTo(kConfirmer));
  EXPECT_EQ(HttpGet(MailedTo(kMistyped)).status, 200) << "a mail scanner";
  views_.Flush(testing::TestDeadline());
  EXPECT_OK(DeliverContactProofs());
  const HttpReply preview = Preview();
  EXPECT_EQ(InputValue(preview.body, "act"), "correct_contact");

  OpenAsPerson(MailedTo(kMistyped));
  EXPECT_EQ(billing_.correctable_by(), "");
  EXPECT_EQ(CountRows("events WHERE type = 'CONTACT_MAIL_READ'"), 1);
  const HttpReply late = HttpPost(receipt_, Filled(preview, "act_code", "right@fabrikam.example"));
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(InputValue(late.body, "act"), "change_contact") << "it is shown what is possible now";
  HttpPost(receipt_, Filled(late, "act_code", "right@fabrikam.example"));
  EXPECT_EQ(mailer_.sent.back().to.address, kMistyped);
  OpenAsPerson(MailedTo(kMistyped));
  EXPECT_EQ(CountRows("events WHERE type = 'CONTACT_MAIL_READ'"), 1);
}

TEST_F(ContactCorrectionTest, ACodeFromItsMailProvesItToo) {
  const HttpReply preview = Preview("do_not_renew");
  const HttpReply mailed = HttpPost(receipt_, Filled(preview, "act_code", ""));
  ASSERT_EQ(mailed.status, 200);
  EXPECT_EQ(mailer_.sent.back().to.address, kMistyped);
  EXPECT_OK(DeliverContactProofs());
  EXPECT_NE(billing_.correctable_by(), "") << "mailed is not read";
  EXPECT_EQ(HttpPost(receipt_, Filled(mailed, "act_confirm", "", NewestCode())).status, 303);
  EXPECT_OK(DeliverContactProofs());
  EXPECT_EQ(billing_.correctable_by(), "");
}

TEST_F(ContactCorrectionTest, NobodyElseCorrectsIt) {
  billing_.LetCorrect(absl::StrCat(issued_.link().order(), "0"));
  EXPECT_EQ(InputValue(Preview().body, "act"), "change_contact") << "another order's customer typed it";
  BringOrder();
  billing_.AnswerContact(kConfirmer);
  EXPECT_EQ(InputValue(Preview().body, "act"), "change_contact") << "who confirmed reads the same mail";
}

TEST_F(ContactCorrectionTest, WhoeverConfirmedFromThePartnersDomainDoesNot) {
  issued_ = Issue();
  url_ = Local(issued_.url());
  orders_.Answer(FakeOrders::ConfirmedOrder());
  receipt_ = Followed(HttpPost(url_, ConfirmFieldsWith("confirmer_email", "sales@contoso.example")));
  BringOrder();
  EXPECT_EQ(InputValue(Preview().body, "act"), "change_contact");
}

}  // namespace
}  // namespace countersign::link
