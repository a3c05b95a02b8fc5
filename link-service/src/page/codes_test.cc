// One-time codes: an order that changes what runs is confirmed with a code from the billing contact's mail.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
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

class CodesTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    v1::IssueLinkRequest request = IssueRequest();
    SetChange("CHANGE_SEATS", request);
    IssueToAccount(request);
  }

  static void SetChange(const std::string& kind, v1::IssueLinkRequest& request) {
    request.mutable_review()->set_kind(kind);
    google::type::Date& renewal = *request.mutable_review()->mutable_lines(0)->mutable_renewal_date();
    renewal.set_year(2010);
    renewal.set_month(6);
    renewal.set_day(1);
  }
  static FormFields With(FormFields fields, absl::string_view name, const std::string& value) {
    for (auto& [field, text] : fields) {
      if (field == name) text = value;
    }
    return fields;
  }
  static FormFields WithCode(FormFields fields, const std::string& code) {
    fields.emplace_back("code", code);
    return fields;
  }
  HttpReply AskForCode(const FormFields& form) const { return HttpPost(url_, With(form, "action", "code")); }

  // The code in the newest mail.
  std::string MailedCode() const {
    const std::string& text = mailer_.sent.back().text;
    return text.substr(text.find("Code: ") + 6, 6);
  }
  // One that was not mailed.
  std::string WrongCode(int i = 1) const { return absl::StrFormat("%06d", (std::stoi(MailedCode()) + i) % 1'000'000); }
  static int64_t Attempts() { return database_->Query("SELECT SUM(attempts) FROM codes").at(0).Int(0); }
};

TEST_F(CodesTest, ConfirmsWithTheCodeOfTheContactOnFile) {
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("Mail the code"));
  const FormFields form = ConfirmFields();
  const HttpReply asked = AskForCode(form);
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, HasSubstr("c•••@c•••"));
  EXPECT_EQ(InputValue(asked.body, "purchase_order_number"), "PO-2009-0417");
  ASSERT_EQ(mailer_.sent.size(), 1u);
  EXPECT_EQ(mailer_.sent[0].to.address, "chief@contoso.example");
  EXPECT_THAT(asked.body, Not(HasSubstr(MailedCode())));

  EXPECT_EQ(HttpPost(url_, WithCode(form, MailedCode())).status, 303);
  ASSERT_EQ(orders_.confirms().size(), 1u);
  EXPECT_TRUE(orders_.confirms()[0].acceptance().contact_verified());
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(CodesTest, ACodeGoesToTheContactOfTheAccountThatTheLinkNames) {
  const std::string payer = "billingAccounts/0197e2a0-0000-7000-8000-000000000001";
  v1::IssueLinkRequest request = IssueRequest();
  SetChange("CHANGE_SEATS", request);
  request.set_billing_account(payer);
  IssueToAccount(request);
  EXPECT_EQ(AskForCode(ConfirmFields()).status, 200);
  ASSERT_EQ(mailer_.sent.size(), 1u);
  EXPECT_EQ(mailer_.sent[0].to.address, "chief@contoso.example");
  EXPECT_EQ(billing_.asked_account(), payer) << "and not the one that order-service has";
}

TEST_F(CodesTest, ShowsWhatChangesAndThePartnersNote) {
  v1::IssueLinkRequest request = IssueRequest();
  SetChange("CHANGE_SEATS", request);
  request.mutable_review()->set_customer_note("For the <new> office");
  request.mutable_review()->mutable_lines(0)->set_seats_before(25);
  request.mutable_review()->mutable_lines(0)->set_seats_after(50);
  request.mutable_review()->mutable_lines(0)->set_promotion_title("Summer");
  ASSERT_OK_AND_ASSIGN(issued_, Call(&Stub::IssueLink, request));
  const std::string page = HttpGet(Local(issued_.url())).body;
  for (const char* text : {"More seats", "For the &lt;new&gt; office", "Seats 25 → 50", "Summer", "More each month",
                           "25 seats become 50", "1 June 2010"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
  EXPECT_THAT(page, Not(HasSubstr("for the whole term")));
}

TEST_F(CodesTest, TheAccountThatPaysIsShownMaskedAndNotAskedFor) {
  const std::string page = HttpGet(url_).body;
  EXPECT_THAT(page, HasSubstr("<bdi>Contoso Ltd</bdi>"));
  EXPECT_THAT(page, HasSubstr("c•••@c•••"));
  EXPECT_THAT(page, Not(HasSubstr("chief@contoso.example")));
  for (const char* field : {"company_name", "contact_email", "address", "country", "tax_id"}) {
    EXPECT_THAT(page, Not(HasSubstr(absl::StrCat("name=\"", field, "\"")))) << field;
  }
  FormFields form = ConfirmFields();
  std::erase_if(form, [](const auto& field) {
    return field.first == "company_name" || field.first == "contact_email" || field.first == "address" ||
           field.first == "city" || field.first == "region" || field.first == "postal_code" || field.first == "country";
  });
  const HttpReply asked = AskForCode(form);
  EXPECT_THAT(asked.body, HasSubstr("<bdi>Contoso Ltd</bdi>"));
  const HttpReply pressed = HttpPost(url_, WithCode(form, MailedCode()));
  EXPECT_EQ(pressed.status, 303);
  ASSERT_EQ(orders_.confirms().size(), 1u);
  const order::v1::Acceptance acceptance = orders_.confirms()[0].acceptance();
  EXPECT_EQ(acceptance.company_name(), "");
  EXPECT_FALSE(acceptance.has_billing_address());
  EXPECT_EQ(acceptance.confirmer_name(), "Ann Buyer");
  EXPECT_EQ(acceptance.purchase_order_number(), "PO-2009-0417");
  EXPECT_THAT(HttpGet(Followed(pressed)).body, HasSubstr("Ann Buyer, Head of Purchasing"));
}

TEST_F(CodesTest, AsksForThePurchaseOrderNumberThatTheAccountRequires) {
  constexpr char kRequired[] = "dir=\"auto\" required aria-describedby=\"purchase_order_number-hint\"";
  constexpr char kSubscription[] = "billingAccounts/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11/subscriptions/s";
  order::v1::Order order = FakeOrders::ConfirmedOrder();
  order.set_billing_account("billingAccounts/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11");
  order.add_lines()->set_subscription(kSubscription);
  orders_.Answer(order);
  billing::v1::Subscription subscription;
  subscription.set_name(kSubscription);
  billing_.AnswerSubscription(subscription);
  EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr(kRequired))) << "the account has no such rule";
  billing_.RequirePurchaseOrder();
  EXPECT_THAT(HttpGet(url_).body, HasSubstr(kRequired));
  ASSERT_EQ(AskForCode(ConfirmFields()).status, 200);
  const FormFields without = WithCode(ConfirmFieldsWith("purchase_order_number", " "), MailedCode());
  const HttpReply refused = HttpPost(url_, without);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("id=\"purchase_order_number-error\">Enter the purchase order number."));
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_EQ(Attempts(), 0) << "the code is still good";
  subscription.set_purchase_order_number("PO-1");
  billing_.AnswerSubscription(subscription);
  EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr(kRequired))) << "its lines have a number";
  EXPECT_EQ(HttpPost(url_, without).status, 303);
  EXPECT_EQ(orders_.confirms().size(), 1u);
}

TEST_F(CodesTest, WithoutItsPeersThePageNamesNoPayer) {
  orders_.Answer(absl::UnavailableError("down"));
  const std::string page = HttpGet(url_).body;
  EXPECT_THAT(page, HasSubstr("We cannot show its name at the moment."));
  EXPECT_THAT(page, Not(HasSubstr("Contoso Ltd")));
}

TEST_F(CodesTest, ANewPartnerLearnsNothingOfWhoPays) {
  v1::IssueLinkRequest request = IssueRequest();
  request.mutable_review()->set_kind("CHANGE_PARTNER");
  request.mutable_review()->clear_lines();
  request.mutable_review()->mutable_total()->set_units(0);
  request.mutable_review()->clear_commitment();
  ASSERT_OK_AND_ASSIGN(issued_, Call(&Stub::IssueLink, request));
  const std::string page = HttpGet(Local(issued_.url())).body;
  for (const char* text : {"Contoso Ltd", "c•••@c•••", "name=\"company_name\"", "name=\"purchase_order_number\""}) {
    EXPECT_THAT(page, Not(HasSubstr(text))) << text;
  }
}

TEST_F(CodesTest, PressesNothingWithoutTheRightCode) {
  const FormFields form = ConfirmFields();
  const HttpReply without = HttpPost(url_, form);
  EXPECT_EQ(without.status, 422);
  EXPECT_THAT(without.body, HasSubstr("Ask for the code"));
  AskForCode(form);
  const HttpReply wrong = HttpPost(url_, WithCode(form, WrongCode()));
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("You can try 4 more times."));
  EXPECT_EQ(InputValue(wrong.body, "purchase_order_number"), "PO-2009-0417");
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_EQ(CountRows("presses"), 0);
}

TEST_F(CodesTest, AnotherLinksCodeIsWrong) {
  AskForCode(ConfirmFields());
  const std::string code = MailedCode();
  v1::IssueLinkRequest request = IssueRequest();
  SetChange("RENEW", request);
  ASSERT_OK_AND_ASSIGN(issued_, Call(&Stub::IssueLink, request));
  url_ = Local(issued_.url());
  EXPECT_THAT(HttpPost(url_, WithCode(ConfirmFields(), code)).body, HasSubstr("Ask for the code"));
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(CodesTest, GuessesAtOnceDoNotPassTheLimit) {
  const FormFields form = ConfirmFields();
  AskForCode(form);
  std::vector<std::thread> guessers;
  guessers.reserve(40);
  for (int i = 1; i <= 40; ++i) {
    guessers.emplace_back([&, i] { HttpPost(url_, WithCode(form, WrongCode(i))); });
  }
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_EQ(Attempts(), 5);
  const HttpReply right = HttpPost(url_, WithCode(form, MailedCode()));
  EXPECT_EQ(right.status, 422);
  EXPECT_THAT(right.body, HasSubstr("can no longer be used"));
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(CodesTest, ACodeEndsAfterTenMinutesAndWhenANewerOneCame) {
  const FormFields form = ConfirmFields();
  AskForCode(form);
  const std::string first = MailedCode();
  clock_.Advance(absl::Minutes(1));
  AskForCode(form);
  ASSERT_EQ(mailer_.sent.size(), 2u);
  if (first != MailedCode()) {
    EXPECT_EQ(HttpPost(url_, WithCode(form, first)).status, 422);
  }
  clock_.Advance(absl::Minutes(10));
  EXPECT_THAT(HttpPost(url_, WithCode(form, MailedCode())).body, HasSubstr("has expired"));
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(CodesTest, AskingTwiceMailsOnce) {
  const FormFields form = ConfirmFields();
  AskForCode(form);
  EXPECT_THAT(AskForCode(form).body, HasSubstr("c•••@c•••"));
  EXPECT_EQ(mailer_.sent.size(), 1u);
}

TEST_F(CodesTest, MailsAtMostTenADay) {
  const FormFields form = ConfirmFields();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(AskForCode(form).status, 200);
    clock_.Advance(absl::Minutes(1));
  }
  const HttpReply refused = AskForCode(form);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("tomorrow"));
  EXPECT_EQ(mailer_.sent.size(), 10u);
}

TEST_F(CodesTest, ACodeIsForTheFormOnWhichItWasRight) {
  const FormFields form = ConfirmFields();
  AskForCode(form);
  orders_.Answer(absl::UnavailableError("order-service is down"));
  EXPECT_EQ(HttpPost(url_, WithCode(form, MailedCode())).status, 503);
  orders_.Answer(FakeOrders::ConfirmedOrder());
  EXPECT_EQ(HttpPost(url_, WithCode(ConfirmFields(), MailedCode())).status, 422);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(HttpPost(url_, WithCode(form, MailedCode())).status, 303);
  EXPECT_EQ(orders_.confirms().size(), 2u);
}

TEST_F(CodesTest, SaysWhenItCannotMailAndKeepsWhatWasTyped) {
  billing_.AnswerContact("");
  const HttpReply reply = AskForCode(ConfirmFields());
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr("We could not mail a code"));
  EXPECT_EQ(InputValue(reply.body, "confirmer_name"), "Ann Buyer");
  EXPECT_EQ(CountRows("codes"), 0);
}

TEST_F(CodesTest, KeepsNoCode) {
  AskForCode(ConfirmFields());
  const std::vector<mysql::Row> rows = database_->Query("SELECT sent_to, digest FROM codes");
  EXPECT_EQ(rows.at(0).Bytes(0), "c•••@c•••");
  EXPECT_THAT(rows.at(0).Bytes(1), Not(HasSubstr(MailedCode())));
  for (const mysql::Row& row : database_->Query("SELECT payload FROM events")) {
    EXPECT_THAT(row.Bytes(0), Not(HasSubstr(MailedCode())));
    EXPECT_THAT(row.Bytes(0), Not(HasSubstr("chief")));
  }
}

TEST_F(CodesTest, ANewOrderNeedsNone) {
  issued_ = Issue();
  url_ = Local(issued_.url());
  EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr("Mail the code")));
  EXPECT_EQ(AskForCode(ConfirmFields()).status, 400);
  EXPECT_EQ(PressConfirm().status, 303);
  EXPECT_FALSE(orders_.confirms().back().acceptance().contact_verified());
}

}  // namespace
}  // namespace countersign::link
