// Notices of a change of partner of record: who leaves, who follows, and what the asked partner answered.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/workers/notice_test_base.h"
#include "common/base/error.h"
#include "countersign/billing/v1/notice.pb.h"
#include "countersign/billing/v1/notice_service.grpc.pb.h"
#include "countersign/billing/v1/partner_of_record_service.grpc.pb.h"
#include "countersign/billing/v1/partner_request_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Partners that leave, and what their customers are told.
class PartnerNoticeTest : public NoticeRelayTest {
 protected:
  void SetUp() override {
    NoticeRelayTest::SetUp();
    payees_.display_names = {{partner_, "Alpha Consulting"}, {other_, "Beta Partners"}};
  }

  // An order in this language, whose invoice's mail is gone; its subscription.
  std::string Start(const std::string& language = "en") {
    v1::ActivateOrderRequest order = OrderRequest();
    order.set_language_code(language);
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(order);
    EXPECT_OK(activated);
    Drain();
    return activated.ok() ? activated->subscriptions(0) : "";
  }
  void Transfer() {
    v1::TransferPartnerSubscriptionsRequest request;
    request.set_parent(partner_);
    request.set_new_partner(other_);
    request.set_reason("the partner leaves the programme");
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::PartnerOfRecordService::Stub::TransferPartnerSubscriptions, request));
  }
  absl::StatusOr<v1::Subscription> OptOut(const std::string& subscription, bool validate_only = false) {
    v1::OptOutOfPartnerTransferRequest request;
    request.set_name(subscription);
    request.set_reason("the customer pressed it");
    request.set_request_id(NewRequestId());
    request.set_validate_only(validate_only);
    return Call(&v1::PartnerOfRecordService::Stub::OptOutOfPartnerTransfer, request, "services/link-service");
  }

  const std::string other_ = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
};

TEST_F(PartnerNoticeTest, ACustomerIsToldOnceWhichPartnerFollowsAndUntilWhenItMayRefuse) {
  const std::string subscription = Start();
  SetDay(Date(2009, 6, 17));
  Transfer();
  Drain();
  Transfer();  // Known already.
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  const mail::Message mail = mailer_.sent()[1];
  EXPECT_EQ(mail.to.address, "billing@fabrikam.example");
  EXPECT_EQ(mail.subject, "Your partner for BPOS Standard Suite changes on 1 July 2009");
  EXPECT_THAT(mail.text,
              HasSubstr("Alpha Consulting is your partner of record for BPOS Standard Suite, 25 seats, until "
                        "30 June 2009. From 1 July 2009 on, Beta Partners is."));
  EXPECT_THAT(mail.text, HasSubstr("If you do not want Beta Partners, refuse it until 30 June 2009"));
  EXPECT_THAT(mail.text, HasSubstr("https://page.example/find\n"));
  ASSERT_THAT(Notices("kind = PARTNER_CHANGE AND state = SENT"), SizeIs(1));
  EXPECT_EQ(Notices("kind = PARTNER_CHANGE")[0].subscription(), subscription);
  EXPECT_EQ(Notices("kind = PARTNER_CHANGE")[0].invoice(), "");

  ASSERT_OK_AND_ASSIGN(const v1::Subscription would, OptOut(subscription, /*validate_only=*/true));
  EXPECT_EQ(would.partner_assignments(1).end_date().month(), 7);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription before, GetSubscription(subscription));
  EXPECT_FALSE(before.partner_assignments(1).has_end_date());
  ASSERT_OK(OptOut(subscription));
  Drain();
  EXPECT_THAT(mailer_.sent(), SizeIs(2)) << "nobody is told of its own decision";
  EXPECT_THAT(OptOut(subscription), HasReason("NO_PARTNER_CHANGE_PENDING"));
}

TEST_F(PartnerNoticeTest, NobodyFollowsAPartnerThatResigns) {
  const std::string subscription = Start("de");
  SetDay(Date(2009, 6, 18));
  v1::ResignPartnerOfRecordRequest request;
  request.set_partner(partner_);
  request.set_subscription(subscription);
  request.set_reason("we close");
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::PartnerOfRecordService::Stub::ResignPartnerOfRecord, request, partner_));
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  EXPECT_EQ(mailer_.sent()[1].subject, "Ihr Partner für BPOS Standard Suite wechselt am 1. August 2009");
  EXPECT_THAT(mailer_.sent()[1].text, HasSubstr("bis zum 31. Juli 2009 Ihr zuständiger Partner. Ab dem 1. August 2009 "
                                                "haben Sie keinen."));
  EXPECT_THAT(mailer_.sent()[1].text, ::testing::Not(HasSubstr("lehnen Sie")));
}

TEST_F(PartnerNoticeTest, ACustomerThatAskedAnotherPartnerIsToldWhatItAnswered) {
  const std::string subscription = Start();
  payees_.numbers = {{"B-1", other_}};
  const auto ask = [&] {
    v1::CreatePartnerRequestRequest request;
    request.set_parent(subscription);
    request.set_partner_number("B-1");
    request.set_request_id(NewRequestId());
    const auto asked = Call(&v1::PartnerRequestService::Stub::CreatePartnerRequest, request, "services/link-service");
    EXPECT_OK(asked);
    return asked.ok() ? asked->name() : "";
  };
  v1::DeclinePartnerRequestRequest decline;
  decline.set_partner(other_);
  decline.set_partner_request(ask());
  decline.set_reason("too small for us");
  decline.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::PartnerRequestService::Stub::DeclinePartnerRequest, decline, other_));
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(2));
  const mail::Message declined = mailer_.sent()[1];
  EXPECT_EQ(declined.to.address, "billing@fabrikam.example");
  EXPECT_EQ(declined.subject, "Beta Partners does not become your partner for BPOS Standard Suite");
  EXPECT_THAT(declined.text, HasSubstr("It declined, so nothing changes."));
  EXPECT_THAT(declined.text, HasSubstr("https://page.example/find\n"));
  EXPECT_THAT(declined.text, ::testing::Not(HasSubstr("too small")));

  v1::AcceptPartnerRequestRequest accept;
  accept.set_partner(other_);
  accept.set_partner_request(ask());
  accept.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::PartnerRequestService::Stub::AcceptPartnerRequest, accept, other_));
  Drain();
  ASSERT_THAT(mailer_.sent(), SizeIs(3));
  const mail::Message accepted = mailer_.sent()[2];
  EXPECT_EQ(accepted.subject, "Beta Partners becomes your partner for BPOS Standard Suite");
  EXPECT_THAT(accepted.text, HasSubstr("from 1 July 2009 on, it is your partner of record for BPOS Standard Suite, 25 "
                                       "seats."));
  EXPECT_THAT(accepted.text, HasSubstr("refuse it until 30 June 2009"));
  const std::vector<v1::Notice> notices = Notices("kind = PARTNER_ANSWER AND state = SENT");
  ASSERT_THAT(notices, SizeIs(2));
  EXPECT_THAT((std::set<std::string>{notices[0].partner_request(), notices[1].partner_request()}),
              ::testing::UnorderedElementsAre(decline.partner_request(), accept.partner_request()));
  EXPECT_EQ(notices[0].subscription(), subscription);
}

TEST_F(PartnerNoticeTest, ANoticeThatIsSentAgainAfterTheChangeTellsNothing) {
  Start();
  SetDay(Date(2009, 6, 17));
  mailer_.answer = FailedPrecondition("MAIL_REFUSED", "550 no such mailbox");
  Transfer();
  Drain();
  ASSERT_THAT(Notices("kind = PARTNER_CHANGE AND state = BOUNCED"), SizeIs(1));
  EXPECT_EQ(FigureNamed("countersign_partner_change_notices_bounced"), 1);
  const std::string notice = Notices("kind = PARTNER_CHANGE")[0].name();
  mailer_.answer = absl::OkStatus();
  SetDay(Date(2009, 7, 1));
  EXPECT_EQ(FigureNamed("countersign_partner_change_notices_bounced"), 0) << "it is too late to be told";
  ASSERT_OK(Call(&v1::NoticeService::Stub::ResendNotice, TransitionOf<v1::ResendNoticeRequest>(notice)).status());
  Drain();
  EXPECT_THAT(mailer_.sent(), SizeIs(1));
  ASSERT_THAT(Notices("kind = PARTNER_CHANGE AND state = BOUNCED"), SizeIs(1));
  EXPECT_EQ(Notices("kind = PARTNER_CHANGE")[0].bounce_reason(), "");
}

}  // namespace
}  // namespace countersign::billing
