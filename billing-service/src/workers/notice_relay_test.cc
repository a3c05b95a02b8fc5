// Notices through the real database: each is mailed once, and one that does not arrive is on record and holds dunning.
#include "billing-service/src/workers/notice_relay.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/workers/notice_test_base.h"
#include "common/base/error.h"
#include "common/events/change.h"
#include "common/rpc/names.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/dunning.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/notice.pb.h"
#include "countersign/billing/v1/notice_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(NoticeRelayTest, AnInvoiceIsMailedOnce) {
  const std::string name = OpenInvoice();
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(1));
  const mail::Message mail = mailer_.sent()[0];
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  EXPECT_EQ(mail.to.address, "billing@fabrikam.example");
  EXPECT_EQ(mail.subject, absl::StrCat("Invoice ", invoice.invoice_number()));
  EXPECT_THAT(mail.text, HasSubstr("Please pay $375.00 by 1 July 2009"));
  EXPECT_THAT(mail.text, HasSubstr("BPOS Standard Suite, 25 seats, 1 June 2009 to 30 June 2009: $375.00"));
  Deliver(Opened(name));
  EXPECT_THAT(mailer_.sent(), SizeIs(1));
  ASSERT_THAT(Notices("kind = INVOICE AND state = SENT"), SizeIs(1));
  EXPECT_EQ(Notices("", account_)[0].invoice(), name);
  EXPECT_EQ(EventOf<v1::NoticeEvent>("NOTICE_SENT").state(), v1::Notice::STATE_SENT);
}

TEST_F(NoticeRelayTest, NoticesSpeakTheLanguageInWhichTheCustomerConfirmed) {
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_language_code("ja");
  ASSERT_OK(Activate(order));
  Drain();
  RunDunningOn(Date(2009, 7, 8));
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  EXPECT_THAT(mailer_.sent()[0].subject, HasSubstr("請求書 "));
  EXPECT_THAT(mailer_.sent()[0].text, HasSubstr("2009年7月1日までに $375.00 をお支払いください"));
  EXPECT_THAT(mailer_.sent()[0].text, HasSubstr("25シート、2009年6月1日～2009年6月30日"));
  EXPECT_THAT(mailer_.sent()[1].subject, HasSubstr("お支払い期日の超過"));
  EXPECT_THAT(mailer_.sent()[1].text, HasSubstr("2009年7月31日に次の手続きに移ります: サービスの停止"));
}

TEST_F(NoticeRelayTest, AForeignNameDoesNotTurnAnArabicNoticeAround) {
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_language_code("ar");
  ASSERT_OK(Activate(order));
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(1));
  EXPECT_THAT(mailer_.sent()[0].text, HasSubstr("\u2068Fabrikam, Inc.\u2069"));
  EXPECT_THAT(mailer_.sent()[0].text, HasSubstr("25 مقعدًا"));
}

TEST_F(NoticeRelayTest, InvoicesThatOpenTogetherAreEachMailedOnce) {
  const std::vector<std::string> names = {OpenInvoice("a"), OpenInvoice("b"), OpenInvoice("c")};
  std::vector<events::Event> opened;
  for (const std::string& name : names) opened.push_back(Opened(name));
  opened.push_back(opened.front());
  opened.back().aggregate = Uuid::Derived({"no such invoice"});
  std::vector<const events::Event*> together;
  for (const events::Event& event : opened) together.push_back(&event);
  for (const events::Consumer& consumer : parts().consumers()) {
    if (consumer.name != "notices") continue;
    for (int time = 0; time < 2; ++time) {
      const std::vector<absl::Status> answers = consumer.deliver_many(together, testing::TestDeadline());
      ASSERT_THAT(answers, SizeIs(4));
      for (int i = 0; i < 3; ++i) EXPECT_OK(answers[i]);
      EXPECT_THAT(answers[3], StatusIs(absl::StatusCode::kNotFound));
    }
  }
  EXPECT_THAT(mailer_.sent(), SizeIs(3));
  EXPECT_THAT(Notices("kind = INVOICE AND state = SENT"), SizeIs(3));
}

TEST_F(NoticeRelayTest, AMailServerThatIsAwayIsAskedAgain) {
  mailer_.answer = absl::UnavailableError("The mail server is away.");
  const events::Event opened = Opened(OpenInvoice());
  for (const events::Consumer& consumer : parts().consumers()) {
    if (consumer.name == "notices") {
      EXPECT_THAT(consumer.deliver(opened, testing::TestDeadline()), StatusIs(absl::StatusCode::kUnavailable));
    }
  }
  EXPECT_THAT(Notices(""), IsEmpty());
  mailer_.answer = absl::OkStatus();
  Drain();
  EXPECT_THAT(Notices("state = SENT"), SizeIs(1));
}

TEST_F(NoticeRelayTest, EveryRungIsMailedBeforeItIsClimbed) {
  OpenInvoice();
  Drain();
  RunDunningOn(Date(2009, 7, 8));
  RunDunningOn(Date(2009, 7, 8));
  EXPECT_EQ(Where(), v1::Dunning::STATE_CLEAR) << "the notice is not sent yet";
  EXPECT_THAT(Notices("kind = DUNNING AND state = QUEUED"), SizeIs(1));
  Drain();
  RunDunningOn(Date(2009, 7, 8));
  EXPECT_EQ(Where(), v1::Dunning::STATE_PAST_DUE);
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  EXPECT_THAT(mailer_.sent()[1].subject, HasSubstr("Past due"));
  EXPECT_THAT(mailer_.sent()[1].text, HasSubstr("follows on 31 July 2009: your services are suspended"));
  ClimbOn(Date(2009, 7, 31));
  ClimbOn(Date(2009, 8, 30));
  EXPECT_EQ(Where(), v1::Dunning::STATE_CANCELLED);
  ASSERT_THAT(mailer_.sent(), SizeIs(4));
  EXPECT_THAT(mailer_.sent()[2].subject, HasSubstr("Services suspended"));
  EXPECT_THAT(mailer_.sent()[3].subject, HasSubstr("Subscriptions cancelled"));
  EXPECT_THAT(mailer_.sent()[3].text, ::testing::Not(HasSubstr("follows on")));
}

TEST_F(NoticeRelayTest, ABouncedNoticeHoldsTheLadderUntilItIsSentAgain) {
  OpenInvoice();
  Drain();
  mailer_.answer = FailedPrecondition("MAIL_REFUSED", "550 no such mailbox\r\n");
  ClimbOn(Date(2009, 7, 8));
  EXPECT_EQ(Where(), v1::Dunning::STATE_CLEAR);
  ASSERT_THAT(Notices("state = BOUNCED"), SizeIs(1));
  const v1::Notice bounced = Notices("state = BOUNCED")[0];
  EXPECT_THAT(bounced.bounce_reason(), HasSubstr("550 no such mailbox"));
  mailer_.answer = absl::OkStatus();
  ClimbOn(Date(2009, 7, 9));
  EXPECT_EQ(Where(), v1::Dunning::STATE_CLEAR);
  v1::ResendNoticeRequest resend = TransitionOf<v1::ResendNoticeRequest>(bounced.name());
  resend.set_etag(bounced.etag());
  ASSERT_OK(Call(&v1::NoticeService::Stub::ResendNotice, resend).status());
  resend.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::NoticeService::Stub::ResendNotice, resend), HasReason("ETAG_MISMATCH"));
  Drain();
  RunDunningOn(Date(2009, 7, 9));
  EXPECT_EQ(Where(), v1::Dunning::STATE_PAST_DUE);
}

TEST_F(NoticeRelayTest, ANoticeThatComesBackLaterHoldsTheNextRung) {
  OpenInvoice();
  Drain();
  ClimbOn(Date(2009, 7, 8));
  ASSERT_THAT(Notices("kind = DUNNING"), SizeIs(1));
  const v1::Notice sent = Notices("kind = DUNNING")[0];
  ASSERT_OK_AND_ASSIGN(const v1::Notice bounced, Call(&v1::NoticeService::Stub::RecordNoticeBounce,
                                                      TransitionOf<v1::RecordNoticeBounceRequest>(sent.name())));
  EXPECT_EQ(bounced.state(), v1::Notice::STATE_BOUNCED);
  EXPECT_EQ(bounced.bounce_reason(), "The mailbox is full.");
  EXPECT_THAT(
      Call(&v1::NoticeService::Stub::RecordNoticeBounce, TransitionOf<v1::RecordNoticeBounceRequest>(sent.name())),
      HasReason("NOTICE_STATE"));
  ClimbOn(Date(2009, 7, 31));
  EXPECT_EQ(Where(), v1::Dunning::STATE_PAST_DUE);
  ASSERT_OK(Call(&v1::NoticeService::Stub::ResendNotice, TransitionOf<v1::ResendNoticeRequest>(sent.name())).status());
  EXPECT_THAT(
      Call(&v1::NoticeService::Stub::RecordNoticeBounce, TransitionOf<v1::RecordNoticeBounceRequest>(sent.name())),
      HasReason("NOTICE_STATE"));
  Drain();
  ClimbOn(Date(2009, 7, 31));
  EXPECT_EQ(Where(), v1::Dunning::STATE_SUSPENDED);
}

TEST_F(NoticeRelayTest, BothAddressesAreToldOfAnotherBillingContact) {
  OpenInvoice();
  Drain();
  v1::ChangeBillingContactRequest change;
  change.set_name(account_);
  change.set_billing_email("new@fabrikam.example");
  change.set_reason("the customer wrote");
  change.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::ChangeBillingContact, change));
  Drain();
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(3));
  EXPECT_EQ(mailer_.sent()[1].to.address, "billing@fabrikam.example");
  EXPECT_THAT(mailer_.sent()[1].text, HasSubstr("come to this address until 8 June 2009"));
  EXPECT_THAT(mailer_.sent()[1].text, ::testing::Not(HasSubstr("new@fabrikam.example")));
  EXPECT_EQ(mailer_.sent()[2].to.address, "new@fabrikam.example");
  EXPECT_THAT(mailer_.sent()[2].text, HasSubstr("come to this address from 8 June 2009 on"));
  ASSERT_THAT(Notices("kind = OLD_CONTACT AND state = SENT", account_), SizeIs(1));
  ASSERT_THAT(Notices("kind = NEW_CONTACT AND state = SENT", account_), SizeIs(1));
  EXPECT_EQ(Notices("kind = NEW_CONTACT", account_)[0].invoice(), "");
}

TEST_F(NoticeRelayTest, WhereCodesStillGoIsToldOfTheNextChangeToo) {
  ASSERT_OK(Activate(OrderRequest()));
  for (const char* email : {"second@fabrikam.example", "third@fabrikam.example"}) {
    v1::ChangeBillingContactRequest change;
    change.set_name(account_);
    change.set_billing_email(email);
    change.set_reason("the customer wrote");
    change.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::BillingAccountService::Stub::ChangeBillingContact, change));
  }
  Drain();  // Only now: each mail tells of its own change, whatever came after it.
  std::vector<std::string> told;
  std::string last;
  for (const mail::Message& message : mailer_.sent()) {
    if (!absl::StartsWith(message.subject, "Another billing contact")) continue;
    told.push_back(message.to.address);
    last = message.text;
  }
  EXPECT_THAT(told, ElementsAre("billing@fabrikam.example", "second@fabrikam.example", "second@fabrikam.example",
                                "third@fabrikam.example", "billing@fabrikam.example"));
  EXPECT_THAT(last, HasSubstr("go to another address from now on"));
  EXPECT_THAT(last, HasSubstr("come to this address until 8 June 2009"));
}

TEST_F(NoticeRelayTest, NothingIsMailedToAnErasedCustomerNorKeptOfIt) {
  OpenInvoice();
  database_->Execute("UPDATE billing_accounts SET state = 'ERASED', billing_email = ''");
  mailer_.answer = FailedPrecondition("MAIL_REFUSED", "550 no mailbox of ann@fabrikam.example");
  Drain();
  EXPECT_THAT(mailer_.sent(), IsEmpty());
  ASSERT_THAT(Notices("state = BOUNCED"), SizeIs(1));
  const v1::Notice bounced = Notices("state = BOUNCED")[0];
  EXPECT_EQ(bounced.bounce_reason(), "");
  EXPECT_THAT(Call(&v1::NoticeService::Stub::ResendNotice, TransitionOf<v1::ResendNoticeRequest>(bounced.name())),
              HasReason("BILLING_ACCOUNT_ERASED"));
}

TEST_F(NoticeRelayTest, ANoticeThatIsNoneIsNotFound) {
  OpenInvoice();
  v1::GetNoticeRequest get;
  get.set_name(absl::StrCat(account_, "/notices/", kId));
  EXPECT_THAT(Call(&v1::NoticeService::Stub::GetNotice, get), HasReason("NOTICE_NOT_FOUND"));
  get.set_name(account_ + "/notices/1");
  ExpectViolations(Call(&v1::NoticeService::Stub::GetNotice, get).status(), {"name"});
}

TEST_F(NoticeRelayTest, ARenewalIsAnnouncedWithItsAmountAndAgainWhenThatChanges) {
  OpenInvoice();
  Drain();
  const auto bill = [&](Date date) {
    SetDay(date);
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "billing") continue;
      EXPECT_OK(task.run(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
    }
    Drain();
  };
  const auto renewals = [&] {
    std::vector<mail::Message> mails;
    for (const mail::Message& mail : mailer_.sent()) {
      if (absl::StrContains(mail.subject, "Renewal")) mails.push_back(mail);
    }
    return mails;
  };
  bill(Date(2010, 5, 1));
  EXPECT_THAT(renewals(), IsEmpty()) << "31 days before";
  bill(Date(2010, 5, 2));
  ASSERT_THAT(renewals(), SizeIs(1));
  EXPECT_EQ(renewals()[0].to.address, "billing@fabrikam.example");
  EXPECT_EQ(renewals()[0].subject, "Renewal of BPOS Standard Suite on 1 June 2010");
  EXPECT_THAT(renewals()[0].text, HasSubstr("25 seats, renews on 1 June 2010 for 12 months."));
  EXPECT_THAT(renewals()[0].text, HasSubstr("$10.00 per seat and month: $250.00 plus tax every month."));
  EXPECT_THAT(renewals()[0].text, HasSubstr("until 31 May 2010"));
  const std::vector<v1::Notice> notices = Notices("kind = RENEWAL");
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].invoice(), "");
  v1::SetAutoRenewRequest renew;
  renew.set_name(notices[0].subscription());
  for (const bool on : {false, true}) {
    renew.set_auto_renew(on);
    renew.set_reason("asked for");
    renew.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::SubscriptionService::Stub::SetAutoRenew, renew));
    Drain();
  }
  EXPECT_THAT(renewals(), SizeIs(1)) << "the same amount is announced once";

  const std::vector<Uuid> ids = *rpc::ParseName(kSubscriptionName, notices[0].subscription());
  database_->Query("UPDATE subscriptions SET renewal_quantity = 30 WHERE account_id = ? AND subscription_id = ?",
                   {ids[0], ids[1]});
  events::Event changed;
  changed.tenant = ids[0];
  changed.aggregate = ids[1];
  changed.type = "SUBSCRIPTION_SEATS_CHANGED";
  Deliver(changed);
  Deliver(changed);
  ASSERT_THAT(renewals(), SizeIs(2));
  EXPECT_THAT(renewals()[1].text, HasSubstr("30 seats, renews on 1 June 2010"));
  EXPECT_THAT(renewals()[1].text, HasSubstr("$300.00 plus tax every month."));
  database_->Query("UPDATE subscriptions SET renewal_quantity = 0 WHERE account_id = ? AND subscription_id = ?",
                   {ids[0], ids[1]});
  Deliver(changed);
  Deliver(changed);
  ASSERT_THAT(renewals(), SizeIs(3)) << "what was announced first is announced again";
  EXPECT_THAT(renewals()[2].text, HasSubstr("$250.00 plus tax every month."));
}

TEST_F(NoticeRelayTest, ACreditNoteIsMailedOnceWithWhatBecomesOfIt) {
  const std::string invoice = OpenInvoice();
  Drain();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(300, "b-1", invoice)));
  Drain();
  v1::CreateCreditNoteRequest request;
  request.set_parent(account_);
  request.mutable_credit_note()->set_invoice(invoice);
  request.mutable_credit_note()->set_reason("Two seats were never delivered.");
  request.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
  request.mutable_credit_note()->mutable_amount()->set_units(100);
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote note, Call(&v1::CreditNoteService::Stub::CreateCreditNote, request));
  Drain();
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  const mail::Message mail = mailer_.sent()[1];
  ASSERT_OK_AND_ASSIGN(const v1::Invoice credited, GetInvoice(invoice));
  EXPECT_EQ(mail.subject, absl::StrCat("Credit note ", note.credit_note_number()));
  EXPECT_THAT(mail.text, HasSubstr(absl::StrCat("For invoice ", credited.invoice_number(), " of 1 June 2009.")));
  EXPECT_THAT(mail.text, HasSubstr("Net: $100.00\nTax: $0.00\nTotal: $100.00"));
  EXPECT_THAT(mail.text, HasSubstr("$75.00 is taken off what was due"));
  EXPECT_THAT(mail.text, HasSubstr("$25.00 is credit of your account"));
  ASSERT_THAT(Notices("kind = CREDIT_NOTE AND state = SENT"), SizeIs(1));
  EXPECT_EQ(Notices("kind = CREDIT_NOTE")[0].credit_note(), note.name());
  EXPECT_EQ(Notices("kind = CREDIT_NOTE")[0].invoice(), invoice);
}

TEST_F(NoticeRelayTest, AVoidedInvoicesMailSaysThatNothingIsOwed) {
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_language_code("de");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  Drain();
  ASSERT_OK(Call(&v1::InvoiceService::Stub::VoidInvoice, TransitionOf<v1::VoidInvoiceRequest>(activated.invoices(0))));
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  EXPECT_THAT(mailer_.sent()[1].subject, HasSubstr("Gutschrift "));
  EXPECT_THAT(mailer_.sent()[1].text, HasSubstr("Die Rechnung ist damit storniert"));
  EXPECT_THAT(mailer_.sent()[1].text, ::testing::Not(HasSubstr("abgezogen")));
}

TEST_F(NoticeRelayTest, ADeclineIsMailedOnceAndNotWhereTheInvoiceIsPaid) {
  const std::string invoice = OpenInvoice();
  Drain();
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("tok")));
  processor_.next = payment::v1::Charge::STATE_DECLINED;
  const auto charge_on = [&](Date date) {
    SetDay(date);
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "charges") continue;
      EXPECT_OK(task.run(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
    }
  };
  charge_on(Date(2009, 7, 1));
  Drain();
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  const mail::Message mail = mailer_.sent()[1];
  ASSERT_OK_AND_ASSIGN(const v1::Invoice due, GetInvoice(invoice));
  EXPECT_EQ(mail.subject, absl::StrCat("Payment declined: invoice ", due.invoice_number()));
  EXPECT_THAT(mail.text, HasSubstr("We could not charge $375.00"));
  EXPECT_THAT(mail.text, HasSubstr("We try again on 8 July 2009."));
  ASSERT_THAT(Notices("kind = PAYMENT_DECLINED AND state = SENT"), SizeIs(1));
  const v1::Notice notice = Notices("kind = PAYMENT_DECLINED")[0];
  EXPECT_EQ(notice.invoice(), invoice);
  EXPECT_TRUE(absl::StartsWith(notice.charge(), account_ + "/charges/"));

  charge_on(Date(2009, 7, 8));
  database_->Execute("UPDATE invoices SET state = 'PAID'");
  Drain();
  EXPECT_THAT(Notices("kind = PAYMENT_DECLINED"), SizeIs(1)) << "nothing is due any more";
}

}  // namespace
}  // namespace countersign::billing
