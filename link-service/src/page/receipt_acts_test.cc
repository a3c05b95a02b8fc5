// Acts on the receipt: previewed, confirmed by a code of their own, recorded once, and carried out by billing-service.
#include "link-service/src/page/receipt_acts.h"

#include <string>
#include <thread>
#include <vector>

#include "common/base/transfer_code.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/invoice_service.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.pb.h"
#include "countersign/link/v1/receipt_act.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/domain/receipt_act.h"
#include "link-service/src/page/page_test_base.h"

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

constexpr char kAccount[] = "billingAccounts/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11";

class ReceiptActsTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    order::v1::Order order = FakeOrders::ConfirmedOrder();
    order.set_state(order::v1::Order::STATE_COMPLETED);
    order.set_billing_account(kAccount);
    orders_.Answer(order);
    billing_.AnswerContact("chief@fabrikam.example");
    billing_.Answer(billing::v1::ListInvoicesResponse());
    billing_.AnswerSubscription(Running());
    const HttpReply pressed = PressConfirm();
    ASSERT_EQ(pressed.status, 303);
    receipt_ = Followed(pressed);
  }

  static billing::v1::Subscription Running() {
    billing::v1::Subscription subscription;
    subscription.set_name(std::string(kAccount) + "/subscriptions/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a12");
    subscription.set_state(billing::v1::Subscription::STATE_ACTIVE);
    subscription.set_offer_title("BPOS Standard Suite");
    subscription.set_quantity(25);
    *subscription.mutable_term_end_date() = rpc::ToProto(Date(2010, 6, 1));
    subscription.mutable_renewal()->set_auto_renew(true);
    return subscription;
  }

  HttpReply Preview(const std::string& act) const { return HttpPost(receipt_, {{"action", act}}); }
  static FormFields FormOf(const HttpReply& page, const std::string& action, const std::string& code = "") {
    return {{"action", action},
            {"act", InputValue(page.body, "act")},
            {"plan_hash", InputValue(page.body, "plan_hash")},
            {"form_id", InputValue(page.body, "form_id")},
            {"code", code}};
  }
  std::string MailedCode() const {
    const std::string& text = mailer_.sent.back().text;
    return text.substr(text.find("Code: ") + 6, 6);
  }
  // Previews the act, and has its code mailed.
  HttpReply WithCode(const std::string& act) {
    const HttpReply preview = Preview(act);
    EXPECT_EQ(preview.status, 200);
    const HttpReply mailed = HttpPost(receipt_, FormOf(preview, "act_code"));
    EXPECT_EQ(mailed.status, 200);
    return mailed;
  }
  static std::string Outcome() { return database_->Query("SELECT outcome FROM receipt_acts").at(0).Bytes(0); }

  std::string receipt_;
};

TEST_F(ReceiptActsTest, CancelsInTheWindowWithItsConsequencesInMoney) {
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("Cancel …</button>"));
  const HttpReply preview = Preview("cancel");
  EXPECT_THAT(preview.body, HasSubstr("$446.25 are credited"));
  EXPECT_THAT(preview.body, HasSubstr("1 June 2009"));
  EXPECT_TRUE(billing_.cancels().empty());
  const HttpReply mailed = HttpPost(receipt_, FormOf(preview, "act_code"));
  EXPECT_THAT(mailed.body, HasSubstr("c•••@f•••"));
  ASSERT_FALSE(mailer_.sent.empty());
  EXPECT_EQ(mailer_.sent.back().to.address, "chief@fabrikam.example");
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("cancel"));
  const absl::Time pressed = clock_.Now();
  const HttpReply done = HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode()));
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(Followed(done), receipt_);
  ASSERT_EQ(billing_.cancels().size(), 1u);
  const billing::v1::CancelSubscriptionRequest asked = billing_.cancels()[0];
  EXPECT_EQ(asked.when(), billing::v1::CancelSubscriptionRequest::WHEN_NOW);
  EXPECT_EQ(asked.policy(), billing::v1::CancelSubscriptionRequest::POLICY_FREE_WINDOW);
  EXPECT_EQ(asked.press_time().seconds(), absl::ToUnixSeconds(pressed));
  EXPECT_EQ(Outcome(), "DONE");
  const std::string receipt = HttpGet(receipt_).body;
  EXPECT_THAT(receipt, HasSubstr("you cancelled these services"));
  EXPECT_THAT(receipt, HasSubstr("$446.25"));
}

TEST_F(ReceiptActsTest, AnotherLanguageKeepsTheActAndWhatWasTyped) {
  const HttpReply preview = Preview("change_contact");
  EXPECT_THAT(preview.body, HasSubstr("<button form=\"order\" formaction=\"?lang=de\""));
  FormFields fields = FormOf(preview, "language", "123 456");
  fields.emplace_back("new_email", "new@fabrikam.example");
  const HttpReply german = HttpPost(receipt_ + "?lang=de", fields);
  EXPECT_EQ(german.status, 200);
  EXPECT_THAT(german.body, HasSubstr("<html lang=\"de\""));
  EXPECT_EQ(InputValue(german.body, "act"), "change_contact");
  EXPECT_EQ(InputValue(german.body, "new_email"), "new@fabrikam.example");
  EXPECT_EQ(InputValue(german.body, "code"), "123 456");
  EXPECT_EQ(InputValue(german.body, "form_id"), InputValue(preview.body, "form_id"));
  EXPECT_EQ(CountRows("receipt_acts"), 0);
  EXPECT_EQ(CountRows("codes"), 0);
}

TEST_F(ReceiptActsTest, AfterTheWindowCancellingEndsItWithItsTerm) {
  billing_.EndWindow();
  const HttpReply mailed = WithCode("cancel");
  EXPECT_THAT(mailed.body, HasSubstr("run until"));
  EXPECT_THAT(mailed.body, HasSubstr("nothing is credited"));
  EXPECT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  ASSERT_EQ(billing_.cancels().size(), 1u);
  EXPECT_EQ(billing_.cancels()[0].when(), billing::v1::CancelSubscriptionRequest::WHEN_TERM_END);
  EXPECT_FALSE(billing_.cancels()[0].has_press_time());
}

TEST_F(ReceiptActsTest, SwitchesTheRenewalOff) {
  const HttpReply mailed = WithCode("do_not_renew");
  EXPECT_THAT(mailed.body, HasSubstr("1 June 2010"));
  EXPECT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  ASSERT_EQ(billing_.renewals().size(), 1u);
  EXPECT_FALSE(billing_.renewals()[0].auto_renew());
  EXPECT_TRUE(billing_.cancels().empty());
  const std::string receipt = HttpGet(receipt_).body;
  EXPECT_THAT(receipt, HasSubstr("are not renewed"));
  EXPECT_THAT(receipt, Not(HasSubstr("Do not renew …")));
  EXPECT_THAT(Preview("do_not_renew").body, HasSubstr("There is nothing to change"));
}

TEST_F(ReceiptActsTest, MakesATransferCodeThatIsShownOnceAndKeptNowhere) {
  const HttpReply preview = Preview("transfer_code");
  EXPECT_THAT(preview.body, HasSubstr("25 × <bdi>BPOS Standard Suite</bdi>"));
  const HttpReply mailed = WithCode("transfer_code");
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("transfer code"));
  const FormFields form = FormOf(mailed, "act_confirm", MailedCode());
  const HttpReply done = HttpPost(receipt_, form);
  EXPECT_EQ(done.status, 200);
  EXPECT_THAT(done.headers.at("cache-control"), HasSubstr("no-store"));
  ASSERT_EQ(billing_.transfer_codes().size(), 1u);
  EXPECT_EQ(billing_.transfer_codes()[0].parent(), Running().name());
  const std::string before = "<span class=\"code\">";
  const size_t at = done.body.find(before, done.body.find("We show it this once"));
  ASSERT_NE(at, std::string::npos);
  const std::string code = done.body.substr(at + before.size(), 39);
  ASSERT_TRUE(TransferCodeId(code).has_value()) << code;
  EXPECT_EQ(TransferCodeId(code)->ToString(), billing_.transfer_codes()[0].transfer_code_id());
  EXPECT_EQ(Outcome(), "DONE");
  EXPECT_EQ(HttpPost(receipt_, form).status, 303) << "the same form again";
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("you made a code for another partner"));
  for (const char* column : {"plan", "evidence"}) {
    const auto rows = database_->Query(absl::StrCat("SELECT ", column, " FROM receipt_acts"));
    EXPECT_THAT(rows.at(0).Bytes(0), Not(HasSubstr(code)));
  }
}

TEST_F(ReceiptActsTest, ACodeMadeWhileBillingIsDownIsTheOneThatWasShown) {
  const HttpReply mailed = WithCode("transfer_code");
  billing_.FailActs(absl::UnavailableError("down"));
  const HttpReply done = HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode()));
  EXPECT_EQ(done.status, 200);
  billing_.FailActs(absl::OkStatus());
  EXPECT_OK(DeliverReceiptAct());
  ASSERT_EQ(billing_.transfer_codes().size(), 1u);
  const std::string before = "<span class=\"code\">";
  const size_t at = done.body.find(before, done.body.find("We show it this once"));
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(TransferCodeId(done.body.substr(at + before.size(), 39))->ToString(),
            billing_.transfer_codes()[0].transfer_code_id());
}

TEST_F(ReceiptActsTest, RemovesThePartnerFromTheDayThatItShowed) {
  const HttpReply mailed = WithCode("remove_partner");
  EXPECT_THAT(mailed.body, HasSubstr("have no partner from <time datetime=\"2009-07-01\">"));
  EXPECT_TRUE(billing_.removals().empty());
  EXPECT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  ASSERT_EQ(billing_.removals().size(), 1u);
  EXPECT_EQ(billing_.removals()[0].name(), Running().name());
  EXPECT_EQ(Outcome(), "DONE");
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("you removed your partner"));
  EXPECT_THAT(Preview("remove_partner").body, HasSubstr("There is nothing to change"));
}

TEST_F(ReceiptActsTest, RefusesThePartnerThatIsToCome) {
  EXPECT_THAT(HttpGet(receipt_).body, Not(HasSubstr("Refuse the new partner …")));
  EXPECT_THAT(Preview("refuse_partner").body, HasSubstr("There is nothing to refuse"));
  billing::v1::Subscription subscription = Running();
  billing::v1::Subscription::PartnerAssignment& old = *subscription.add_partner_assignments();
  *old.mutable_start_date() = rpc::ToProto(Date(2009, 6, 1));
  *old.mutable_end_date() = rpc::ToProto(Date(2009, 7, 1));
  *subscription.add_partner_assignments()->mutable_start_date() = rpc::ToProto(Date(2009, 7, 1));
  billing_.AnswerSubscription(subscription);
  const std::string receipt = HttpGet(receipt_).body;
  EXPECT_THAT(receipt, HasSubstr("From <time datetime=\"2009-07-01\">1 July 2009</time> on, another partner"));
  EXPECT_THAT(receipt, HasSubstr("Refuse the new partner …</button>"));
  const HttpReply mailed = WithCode("refuse_partner");
  EXPECT_THAT(mailed.body, HasSubstr("have no partner from <time datetime=\"2009-07-01\">"));
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("refuse the new partner"));
  EXPECT_TRUE(billing_.refusals().empty());
  EXPECT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  ASSERT_EQ(billing_.refusals().size(), 1u);
  EXPECT_EQ(billing_.refusals()[0].name(), Running().name());
  EXPECT_EQ(Outcome(), "DONE");
  const std::string after = HttpGet(receipt_).body;
  EXPECT_THAT(after, HasSubstr("you refused the new partner"));
  EXPECT_THAT(after, Not(HasSubstr("Refuse the new partner …")));
  EXPECT_THAT(after, Not(HasSubstr("another partner looks after")));
  EXPECT_THAT(Preview("refuse_partner").body, HasSubstr("There is nothing to refuse"));
}

TEST_F(ReceiptActsTest, AsksAnotherPartnerOnceItWasShown) {
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("Ask another partner …</button>"));
  const HttpReply empty = Preview("ask_partner");
  EXPECT_EQ(empty.status, 200);
  EXPECT_THAT(empty.body, HasSubstr("name=\"new_partner_number\""));
  EXPECT_THAT(empty.body, Not(HasSubstr("act_confirm")));
  const HttpReply unknown = HttpPost(receipt_, {{"action", "ask_partner"}, {"new_partner_number", "B-2"}});
  EXPECT_EQ(unknown.status, 422);
  EXPECT_THAT(unknown.body, HasSubstr("No partner with this number can be asked."));
  EXPECT_EQ(InputValue(unknown.body, "new_partner_number"), "B-2");
  EXPECT_EQ(HttpPost(receipt_, FormOf(unknown, "act_code")).status, 200) << "there is nothing to mail a code for";
  EXPECT_TRUE(mailer_.sent.empty());

  const HttpReply shown = HttpPost(receipt_, {{"action", "ask_partner"}, {"new_partner_number", " b-1 "}});
  EXPECT_EQ(shown.status, 200);
  EXPECT_THAT(shown.body, HasSubstr("We ask <bdi>Partner B</bdi>"));
  EXPECT_THAT(shown.body, HasSubstr("25 × <bdi>BPOS Standard Suite</bdi>"));
  EXPECT_THAT(shown.body, HasSubstr("Nothing changes until it accepts"));
  const auto form_of = [](const HttpReply& page, const std::string& action, const std::string& number,
                          const std::string& code = "") {
    FormFields form = FormOf(page, action, code);
    form.emplace_back("partner_number", number);
    return form;
  };
  EXPECT_EQ(InputValue(shown.body, "partner_number"), "B-1");
  const HttpReply mailed = HttpPost(receipt_, form_of(shown, "act_code", "B-1"));
  EXPECT_EQ(mailed.status, 200);
  EXPECT_EQ(mailer_.sent.back().to.address, "chief@fabrikam.example");
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("to ask another partner"));
  EXPECT_EQ(HttpPost(receipt_, form_of(mailed, "act_confirm", "B-1", "")).status, 422) << "without the code";
  EXPECT_TRUE(billing_.partner_requests().empty());
  EXPECT_EQ(HttpPost(receipt_, form_of(mailed, "act_confirm", "B-1", MailedCode())).status, 303);
  ASSERT_EQ(billing_.partner_requests().size(), 1u);
  EXPECT_EQ(billing_.partner_requests()[0].parent(), Running().name());
  EXPECT_EQ(billing_.partner_requests()[0].partner_number(), "B-1");
  EXPECT_EQ(Outcome(), "DONE");
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("you asked another partner"));
  const HttpReply again = HttpPost(receipt_, {{"action", "ask_partner"}, {"new_partner_number", "B-1"}});
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.body, HasSubstr("You asked this partner already"));
}

TEST_F(ReceiptActsTest, APartnerAskedWhileBillingIsDownIsAskedLater) {
  const HttpReply shown = HttpPost(receipt_, {{"action", "ask_partner"}, {"new_partner_number", "B-1"}});
  FormFields form = FormOf(shown, "act_code");
  form.emplace_back("partner_number", "B-1");
  const HttpReply mailed = HttpPost(receipt_, form);
  billing_.FailActs(absl::UnavailableError("down"));
  form = FormOf(mailed, "act_confirm", MailedCode());
  form.emplace_back("partner_number", "B-1");
  EXPECT_EQ(HttpPost(receipt_, form).status, 303);
  EXPECT_TRUE(billing_.partner_requests().empty());
  billing_.FailActs(absl::OkStatus());
  EXPECT_OK(DeliverReceiptAct());
  ASSERT_EQ(billing_.partner_requests().size(), 1u);
  EXPECT_EQ(Outcome(), "DONE");
}

TEST_F(ReceiptActsTest, OneReceiptTriesTwentyNumbersAndThenWaits) {
  for (int i = 0; i < 20; ++i) {
    const std::string number = absl::StrCat("P-", i);
    EXPECT_EQ(HttpPost(receipt_, {{"action", "ask_partner"}, {"new_partner_number", number}}).status, 422);
  }
  const HttpReply refused = HttpPost(receipt_, {{"action", "ask_partner"}, {"new_partner_number", "B-1"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("too many numbers"));
  EXPECT_THAT(refused.body, Not(HasSubstr("Partner B")));
}

TEST_F(ReceiptActsTest, ChangesTheBillingContactWithACodeFromTheMailOfTheOneBefore) {
  const auto form_of = [](const HttpReply& page, const std::string& action, const std::string& email,
                          const std::string& code = "") {
    FormFields form = FormOf(page, action, code);
    form.emplace_back("new_email", email);
    return form;
  };
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("Change the billing contact …</button>"));
  const HttpReply preview = Preview("change_contact");
  EXPECT_EQ(preview.status, 200);
  EXPECT_THAT(preview.body, HasSubstr("c•••@f•••"));
  for (const char* wrong : {"", "nobody", "chief@fabrikam.example"}) {
    const HttpReply refused = HttpPost(receipt_, form_of(preview, "act_code", wrong));
    EXPECT_EQ(refused.status, 422) << wrong;
    EXPECT_THAT(refused.body, HasSubstr("id=\"new_email-error\"")) << wrong;
  }
  EXPECT_TRUE(mailer_.sent.empty());
  const HttpReply mailed = HttpPost(receipt_, form_of(preview, "act_code", "new@fabrikam.example"));
  EXPECT_EQ(mailed.status, 200);
  EXPECT_EQ(InputValue(mailed.body, "new_email"), "new@fabrikam.example");
  EXPECT_EQ(mailer_.sent.back().to.address, "chief@fabrikam.example");
  EXPECT_THAT(mailer_.sent.back().text, HasSubstr("billing contact"));
  EXPECT_EQ(HttpPost(receipt_, form_of(mailed, "act_confirm", "new@fabrikam.example")).status, 422)
      << "without the code";
  EXPECT_TRUE(billing_.contact_changes().empty());

  EXPECT_EQ(HttpPost(receipt_, form_of(mailed, "act_confirm", "new@fabrikam.example", MailedCode())).status, 303);
  ASSERT_EQ(billing_.contact_changes().size(), 1u);
  EXPECT_EQ(billing_.contact_changes()[0].name(), kAccount);
  EXPECT_EQ(billing_.contact_changes()[0].billing_email(), "new@fabrikam.example");
  EXPECT_EQ(Outcome(), "DONE");
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("you changed the billing contact"));
  const auto rows = database_->Query("SELECT plan, evidence FROM receipt_acts");
  EXPECT_THAT(rows.at(0).Bytes(0), Not(HasSubstr("new@"))) << "an address is personal data, which can be erased";
  EXPECT_THAT(rows.at(0).Bytes(1), HasSubstr("new@fabrikam.example"));
}

TEST_F(ReceiptActsTest, AContactChangedWhileBillingIsDownIsChangedLater) {
  const HttpReply preview = Preview("change_contact");
  FormFields form = FormOf(preview, "act_code");
  form.emplace_back("new_email", "new@fabrikam.example");
  const HttpReply mailed = HttpPost(receipt_, form);
  billing_.FailActs(absl::UnavailableError("down"));
  form = FormOf(mailed, "act_confirm", MailedCode());
  form.emplace_back("new_email", "new@fabrikam.example");
  EXPECT_EQ(HttpPost(receipt_, form).status, 303);
  EXPECT_EQ(Outcome(), "");
  billing_.FailActs(absl::OkStatus());
  EXPECT_OK(DeliverReceiptAct());
  ASSERT_EQ(billing_.contact_changes().size(), 1u);
  EXPECT_EQ(billing_.contact_changes()[0].billing_email(), "new@fabrikam.example");
  EXPECT_EQ(Outcome(), "DONE");
}

TEST_F(ReceiptActsTest, ACodeGoesToTheContactBeforeForAWeekAfterItsChange) {
  billing_.AnswerFormerContact("before@fabrikam.example", clock_.Now() + absl::Hours(1));
  WithCode("cancel");
  EXPECT_EQ(mailer_.sent.back().to.address, "before@fabrikam.example");
  clock_.Advance(absl::Hours(1));
  WithCode("cancel");
  EXPECT_EQ(mailer_.sent.back().to.address, "chief@fabrikam.example");
}

TEST_F(ReceiptActsTest, OneFormDoesItOnceHoweverOftenItIsPressed) {
  const HttpReply mailed = WithCode("cancel");
  const FormFields form = FormOf(mailed, "act_confirm", MailedCode());
  std::vector<std::thread> presses;
  for (int i = 0; i < 4; ++i) {
    presses.emplace_back([&] { EXPECT_EQ(HttpPost(receipt_, form).status, 303); });
  }
  for (std::thread& press : presses) press.join();
  EXPECT_EQ(HttpPost(receipt_, form).status, 303);
  EXPECT_EQ(CountRows("receipt_acts"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'RECEIPT_ACT_RECORDED'"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'RECEIPT_ACT_DONE'"), 1);
  ASSERT_FALSE(billing_.cancels().empty());
  for (const auto& request : billing_.cancels()) {
    EXPECT_EQ(request.SerializeAsString(), billing_.cancels()[0].SerializeAsString());
  }
}

TEST_F(ReceiptActsTest, NothingIsDoneWithoutItsOwnCode) {
  const HttpReply preview = Preview("cancel");
  EXPECT_THAT(HttpPost(receipt_, FormOf(preview, "act_confirm")).body, HasSubstr("Ask for the code"));
  const HttpReply other = WithCode("do_not_renew");  // A code for something else.
  EXPECT_EQ(HttpPost(receipt_, FormOf(preview, "act_confirm", MailedCode())).status, 422);
  EXPECT_EQ(CountRows("receipt_acts"), 0);
  EXPECT_EQ(HttpPost(receipt_, FormOf(other, "act_confirm", MailedCode())).status, 303);
  EXPECT_TRUE(billing_.cancels().empty());
}

TEST_F(ReceiptActsTest, WhatChangedMeanwhileIsShownAgain) {
  const HttpReply mailed = WithCode("cancel");
  billing_.EndWindow();
  const HttpReply again = HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode()));
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.body, HasSubstr("This has changed since you opened it"));
  EXPECT_EQ(CountRows("receipt_acts"), 0);
  EXPECT_EQ(HttpPost(receipt_, FormOf(again, "act_confirm", MailedCode())).status, 303);
  EXPECT_EQ(billing_.cancels().at(0).when(), billing::v1::CancelSubscriptionRequest::WHEN_TERM_END);
}

TEST_F(ReceiptActsTest, AnActOfWhileBillingIsDownIsCarriedOutByTheTimeOfItsPress) {
  const HttpReply mailed = WithCode("cancel");
  billing_.FailActs(absl::UnavailableError("down"));
  const absl::Time pressed = clock_.Now();
  EXPECT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  EXPECT_EQ(Outcome(), "");
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("We have received it and carry it out"));
  EXPECT_FALSE(DeliverReceiptAct().ok());
  billing_.FailActs(absl::OkStatus());
  clock_.Advance(absl::Hours(20 * 24));
  EXPECT_OK(DeliverReceiptAct());
  EXPECT_OK(DeliverReceiptAct());
  EXPECT_EQ(billing_.cancels().size(), 1u);
  EXPECT_EQ(billing_.cancels().at(0).press_time().seconds(), absl::ToUnixSeconds(pressed));
  EXPECT_EQ(Outcome(), "DONE");
}

TEST_F(ReceiptActsTest, ARefusalIsNotedAndTold) {
  const HttpReply mailed = WithCode("cancel");
  billing_.FailActs(FailedPrecondition("SUBSCRIPTION_STATE", "It has ended."));
  EXPECT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  EXPECT_EQ(Outcome(), "SUBSCRIPTION_STATE");
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("could not be carried out"));
}

TEST_F(ReceiptActsTest, TheLinkOffersNoActAndTakesNone) {
  EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr("Cancel …")));
  EXPECT_EQ(HttpPost(url_, {{"action", "cancel"}}).status, 400);
  EXPECT_EQ(HttpPost(receipt_, {{"action", "confirm"}}).status, 400);
  EXPECT_EQ(HttpPost(receipt_, {{"action", "act_confirm"}, {"act", "x"}}).status, 400);
  EXPECT_EQ(CountRows("receipt_acts"), 0);
}

TEST(ReceiptActEventTest, EveryActHasItsValueInTheEvents) {
  for (const auto& [kind, name] : kReceiptActKinds) {
    EXPECT_NE(rpc::EnumNamed<v1::ReceiptActPlan::Act>("ACT_", name), v1::ReceiptActPlan::ACT_UNSPECIFIED) << name;
  }
}

TEST_F(ReceiptActsTest, TheEventsSayNothingOfThePerson) {
  const HttpReply mailed = WithCode("do_not_renew");
  ASSERT_EQ(HttpPost(receipt_, FormOf(mailed, "act_confirm", MailedCode())).status, 303);
  const auto rows = database_->Query("SELECT payload FROM events WHERE type LIKE 'RECEIPT_ACT_%' ORDER BY version");
  ASSERT_EQ(rows.size(), 2u);
  v1::ReceiptActEvent event;
  ASSERT_TRUE(event.ParseFromString(rows[1].Bytes(0)));
  EXPECT_EQ(event.act(), v1::ReceiptActPlan::ACT_DO_NOT_RENEW);
  EXPECT_EQ(event.outcome(), "DONE");
  EXPECT_EQ(event.evidence_digest().size(), 32u);
  EXPECT_THAT(rows[0].Bytes(0), Not(HasSubstr("127.0.0.1")));
}

}  // namespace
}  // namespace countersign::link
