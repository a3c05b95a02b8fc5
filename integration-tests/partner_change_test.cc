// A customer changes its partner, through real servers: its transfer code, the new partner's order, the page, the
// confirmation, and who is of record afterwards.
#include <string>

#include "common/base/transfer_code.h"
#include "common/testing/http_client.h"
#include "countersign/billing/v1/notice_service.grpc.pb.h"
#include "countersign/billing/v1/partner_of_record_service.grpc.pb.h"
#include "countersign/billing/v1/partner_request_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kLinkService[] = "services/link-service";

class PartnerChangeTest : public SuiteTest {
 protected:
  // As the customer's page would, after the customer's code.
  static std::string NewCodeFor(const Story& story) {
    const std::string code = NewTransferCode();
    billing::v1::CreateTransferCodeRequest request;
    request.set_parent(story.subscription);
    request.set_transfer_code_id(TransferCodeId(code).value_or(Uuid()).ToString());
    request.set_request_id(NewRequestId());
    billing::v1::TransferCode reply;
    billing::v1::TransferCodeService::Stub stub(suite().channel(Service::kBilling, kLinkService));
    const grpc::Status status = stub.CreateTransferCode(NewContext().get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return code;
  }

  static grpc::Status Create(const Story& asking, const std::string& code, order::v1::Order& made) {
    order::v1::CreateOrderRequest request;
    request.set_parent(asking.partner);
    request.mutable_order()->set_kind(order::v1::Order::KIND_CHANGE_PARTNER);
    request.mutable_order()->set_customer(asking.customer);
    request.mutable_order()->set_partner_of_record(asking.partner);
    request.mutable_order()->set_currency_code("USD");
    request.mutable_order()->add_lines()->set_transfer_code(code);
    request.set_request_id(NewRequestId());
    return suite().stub<order::v1::OrderService>().CreateOrder(As(asking.partner).get(), request, &made);
  }

  static grpc::Status Submit(const Story& asking, const order::v1::Order& draft,
                             order::v1::SubmitOrderResponse& reply) {
    order::v1::SubmitOrderRequest request;
    request.set_name(draft.name());
    request.set_request_id(NewRequestId());
    return suite().stub<order::v1::OrderService>().SubmitOrder(As(asking.partner).get(), request, &reply);
  }

  // As the customer's page does after the code that is mailed to the billing contact.
  static grpc::Status Confirm(const order::v1::Order& order) {
    order::v1::ConfirmOrderRequest request = ConfirmRequest(order);
    request.mutable_acceptance()->set_contact_verified(true);
    order::v1::Order reply;
    order::v1::OrderService::Stub stub(suite().channel(Service::kOrder, kLinkService));
    return stub.ConfirmOrder(NewContext().get(), request, &reply);
  }

  static billing::v1::Subscription SubscriptionOf(const Story& story) {
    billing::v1::GetSubscriptionRequest request;
    request.set_name(story.subscription);
    billing::v1::Subscription reply;
    EXPECT_TRUE(
        suite().stub<billing::v1::SubscriptionService>().GetSubscription(As(kOperator).get(), request, &reply).ok());
    return reply;
  }
};

TEST_F(PartnerChangeTest, TheCustomersCodeAndConfirmationMakeAnotherPartnerOfRecord) {
  Story old(suite());
  ASSERT_TRUE(old.RunUntil("invoice").ok());
  Story asking(suite());
  ASSERT_TRUE(asking.RunUntil("order").ok());
  const std::string code = NewCodeFor(old);
  order::v1::Order draft;
  grpc::Status status = Create(asking, code, draft);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(draft.lines(0).former_partner_display_name(), "Fabrikam Consulting");
  order::v1::SubmitOrderResponse submitted;
  status = Submit(asking, draft, submitted);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(submitted.DebugString(), Not(HasSubstr(old.subscription)));
  const testing::HttpReply page = testing::HttpGet(submitted.confirmation_url());
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("becomes your partner of record instead of Fabrikam Consulting"));
  EXPECT_THAT(page.body, Not(HasSubstr("375.00")));
  EXPECT_EQ(SubscriptionOf(old).partner_assignments_size(), 1);

  ASSERT_TRUE(Confirm(submitted.order()).ok());
  ASSERT_TRUE(
      Eventually("the new partner is named", [&] { return SubscriptionOf(old).partner_assignments_size() == 2; }).ok());
  const billing::v1::Subscription changed = SubscriptionOf(old);
  EXPECT_EQ(changed.partner_assignments(0).partner(), old.partner);
  EXPECT_EQ(changed.partner_assignments(0).end_date().month(), 7);
  EXPECT_EQ(changed.partner_assignments(1).partner(), asking.partner);
  EXPECT_EQ(changed.partner_assignments(1).start_date().month(), 7);
  EXPECT_EQ(changed.quantity(), 25);
  EXPECT_EQ(changed.tranches(0).unit_price().units(), 15);
  order::v1::Order again;
  EXPECT_EQ(ReasonOf(Create(asking, code, again)), "TRANSFER_CODE_USED");
  ASSERT_TRUE(
      Eventually("the order is COMPLETED", [&] {
        order::v1::GetOrderRequest request;
        request.set_name(draft.name());
        order::v1::Order reply;
        return suite().stub<order::v1::OrderService>().GetOrder(As(asking.partner).get(), request, &reply).ok() &&
               reply.state() == order::v1::Order::STATE_COMPLETED && reply.subscriptions(0) == old.subscription;
      }).ok());

  // What the customer orders next from its new partner is billed to the account that it has.
  for (absl::Status (Story::* const step)() :
       {&Story::CreateOrder, &Story::Submit, &Story::OpenPage, &Story::Confirm, &Story::AwaitCompleted}) {
    const absl::Status taken = (asking.*step)();
    ASSERT_TRUE(taken.ok()) << taken.message();
  }
  EXPECT_EQ(asking.billing_account, old.billing_account);
  EXPECT_NE(asking.subscription, old.subscription);
  ProveInvariants();
}

TEST_F(PartnerChangeTest, TheSecondOrderWithOneTransferCodeIsCancelledAndSaysWhy) {
  Story old(suite());
  ASSERT_TRUE(old.RunUntil("invoice").ok());
  Story winner(suite());
  Story loser(suite());
  const std::string code = NewCodeFor(old);
  order::v1::Order drafts[2];
  order::v1::SubmitOrderResponse submitted[2];
  Story* const asking[] = {&winner, &loser};
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(asking[i]->RunUntil("order").ok());
    ASSERT_TRUE(Create(*asking[i], code, drafts[i]).ok());
    ASSERT_TRUE(Submit(*asking[i], drafts[i], submitted[i]).ok());
  }
  ASSERT_TRUE(Confirm(submitted[0].order()).ok());
  ASSERT_TRUE(
      Eventually("the new partner is named", [&] { return SubscriptionOf(old).partner_assignments_size() == 2; }).ok());
  ASSERT_TRUE(Confirm(submitted[1].order()).ok());
  order::v1::Order reply;
  ASSERT_TRUE(
      Eventually("the second order is CANCELLED", [&] {
        order::v1::GetOrderRequest request;
        request.set_name(drafts[1].name());
        return suite().stub<order::v1::OrderService>().GetOrder(As(loser.partner).get(), request, &reply).ok() &&
               reply.state() == order::v1::Order::STATE_CANCELLED;
      }).ok());
  EXPECT_THAT(reply.state_reason(), HasSubstr("transfer code was used before"));
  EXPECT_EQ(SubscriptionOf(old).partner_assignments(1).partner(), winner.partner);
  ProveInvariants();
}

TEST_F(PartnerChangeTest, TheCustomerRemovesItsPartner) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("invoice").ok());
  billing::v1::RemovePartnerOfRecordRequest request;
  request.set_name(story.subscription);
  request.set_reason("the customer asked for it on its receipt");
  request.set_request_id(NewRequestId());
  billing::v1::Subscription reply;
  billing::v1::PartnerOfRecordService::Stub stub(suite().channel(Service::kBilling, kLinkService));
  ASSERT_TRUE(stub.RemovePartnerOfRecord(NewContext().get(), request, &reply).ok());
  EXPECT_EQ(SubscriptionOf(story).partner_assignments(0).end_date().month(), 7);
  EXPECT_THAT(testing::HttpGet(story.receipt_url).body, HasSubstr("Remove your partner …"));
  ProveInvariants();
}

// The page finds the partner by its number through all services; that partner answers with its own key.
TEST_F(PartnerChangeTest, TheCustomerAsksAnotherPartnerAloneAndItAccepts) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("invoice").ok());
  Story next(suite());
  ASSERT_TRUE(next.RunUntil("order").ok());
  partner::v1::GetPartnerRequest get;
  get.set_name(next.partner);
  partner::v1::Partner partner;
  ASSERT_TRUE(suite().stub<partner::v1::PartnerService>().GetPartner(As(kOperator).get(), get, &partner).ok());
  EXPECT_THAT(testing::HttpGet(story.receipt_url).body, HasSubstr("Ask another partner …"));
  const testing::HttpReply unknown =
      testing::HttpPost(story.receipt_url, {{"action", "ask_partner"}, {"new_partner_number", "NOBODY-1"}});
  EXPECT_EQ(unknown.status, 422);
  const testing::HttpReply shown = testing::HttpPost(
      story.receipt_url, {{"action", "ask_partner"}, {"new_partner_number", partner.partner_number()}});
  EXPECT_EQ(shown.status, 200);
  EXPECT_THAT(shown.body, HasSubstr("We ask <bdi>" + partner.display_name() + "</bdi>"));

  // As the page does after the customer's code.
  billing::v1::CreatePartnerRequestRequest ask;
  ask.set_parent(story.subscription);
  ask.set_partner_number(partner.partner_number());
  ask.set_request_id(NewRequestId());
  billing::v1::PartnerRequest asked;
  billing::v1::PartnerRequestService::Stub page(suite().channel(Service::kBilling, kLinkService));
  ASSERT_TRUE(page.CreatePartnerRequest(NewContext().get(), ask, &asked).ok());

  billing::v1::PartnerRequestService::Stub answers = suite().stub<billing::v1::PartnerRequestService>();
  billing::v1::ListReceivedPartnerRequestsRequest list;
  list.set_parent(next.partner);
  billing::v1::ListReceivedPartnerRequestsResponse waiting;
  ASSERT_TRUE(answers.ListReceivedPartnerRequests(As(next.partner).get(), list, &waiting).ok());
  ASSERT_EQ(waiting.received_partner_requests_size(), 1);
  EXPECT_EQ(waiting.received_partner_requests(0).name(), asked.name());
  EXPECT_NE(waiting.received_partner_requests(0).company_name(), "");

  billing::v1::AcceptPartnerRequestRequest accept;
  accept.set_partner(next.partner);
  accept.set_partner_request(asked.name());
  accept.set_request_id(NewRequestId());
  billing::v1::ReceivedPartnerRequest accepted;
  EXPECT_EQ(answers.AcceptPartnerRequest(As(story.partner).get(), accept, &accepted).error_code(),
            grpc::StatusCode::NOT_FOUND);
  ASSERT_TRUE(answers.AcceptPartnerRequest(As(next.partner).get(), accept, &accepted).ok());
  const billing::v1::Subscription changed = SubscriptionOf(story);
  ASSERT_EQ(changed.partner_assignments_size(), 2);
  EXPECT_EQ(changed.partner_assignments(1).partner(), next.partner);
  EXPECT_EQ(changed.partner_assignments(1).start_date().month(), 7);
  EXPECT_THAT(testing::HttpGet(story.receipt_url).body, HasSubstr("another partner looks after them"));
  const auto told = [&] {
    billing::v1::ListNoticesRequest notices;
    notices.set_parent(story.billing_account);
    notices.set_filter("kind = PARTNER_ANSWER AND state = SENT");
    billing::v1::ListNoticesResponse reply;
    EXPECT_TRUE(suite().stub<billing::v1::NoticeService>().ListNotices(As(kOperator).get(), notices, &reply).ok());
    return reply.notices_size() == 1;
  };
  EXPECT_TRUE(Eventually("the customer is told", told).ok());
  ProveInvariants();
}

// The customer's mail names the page on which it refuses.
TEST_F(PartnerChangeTest, ACustomerWhosePartnerLeavesIsToldAndMayRefuseTheNextOnItsReceipt) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("invoice").ok());
  Story next(suite());
  ASSERT_TRUE(next.RunUntil("order").ok());
  billing::v1::TransferPartnerSubscriptionsRequest request;
  request.set_parent(story.partner);
  request.set_new_partner(next.partner);
  request.set_reason("the partner leaves the programme");
  request.set_request_id(NewRequestId());
  billing::v1::PartnerChangeReport report;
  ASSERT_TRUE(suite()
                  .stub<billing::v1::PartnerOfRecordService>()
                  .TransferPartnerSubscriptions(As(kOperator).get(), request, &report)
                  .ok());
  EXPECT_EQ(report.changed_count(), 1);
  const auto notices = [&] {
    billing::v1::ListNoticesRequest list;
    list.set_parent(story.billing_account);
    list.set_filter("kind = PARTNER_CHANGE AND state = SENT");
    billing::v1::ListNoticesResponse reply;
    EXPECT_TRUE(suite().stub<billing::v1::NoticeService>().ListNotices(As(kOperator).get(), list, &reply).ok());
    return reply.notices_size();
  };
  ASSERT_TRUE(Eventually("the customer is told", [&] { return notices() == 1; }).ok());
  EXPECT_THAT(testing::HttpGet(story.receipt_url).body, HasSubstr("Refuse the new partner …"));
  billing::v1::OptOutOfPartnerTransferRequest refuse;
  refuse.set_name(story.subscription);
  refuse.set_reason("the customer asked for it on its receipt");
  refuse.set_request_id(NewRequestId());
  billing::v1::Subscription reply;
  billing::v1::PartnerOfRecordService::Stub stub(suite().channel(Service::kBilling, kLinkService));
  ASSERT_TRUE(stub.OptOutOfPartnerTransfer(NewContext().get(), refuse, &reply).ok());
  EXPECT_THAT(testing::HttpGet(story.receipt_url).body, Not(HasSubstr("Refuse the new partner …")));
  EXPECT_EQ(notices(), 1);
  ProveInvariants();
}

}  // namespace
}  // namespace countersign::integration
