#include "order-service/src/api/order_service.h"

#include <string>

#include "common/rpc/convert.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

class OrderServiceTest : public ApiTest {};

TEST_F(OrderServiceTest, CreatesADraftAtTheListPrice) {
  const v1::Order order = CreateOrder();
  EXPECT_THAT(order.name(), MatchesRegex(partner_ + "/orders/[0-9a-f-]{36}"));
  EXPECT_THAT(order.order_number(), MatchesRegex("CS-....-....-...."));
  EXPECT_EQ(order.state(), v1::Order::STATE_DRAFT);
  EXPECT_EQ(order.revision(), 1);
  EXPECT_EQ(order.kind(), v1::Order::KIND_NEW);
  EXPECT_EQ(order.billing_period(), v1::Order::BILLING_PERIOD_MONTHLY);
  EXPECT_EQ(order.term_months(), 12);
  EXPECT_EQ(order.partner_of_record(), partner_);
  EXPECT_EQ(order.lines(0).price(), "offers/bpos-standard-suite/prices/usd-2009-01");
  EXPECT_EQ(order.lines(0).unit_price().units(), 15);
  EXPECT_EQ(order.total().units(), 375);
  EXPECT_EQ(order.total().currency_code(), "USD");
  EXPECT_EQ(order.etag(), "1");
  EXPECT_EQ(order.link(), "");
  EXPECT_EQ(Read(order).SerializeAsString(), order.SerializeAsString());
  EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED"));
}

TEST_F(OrderServiceTest, BillsAYearInAdvanceWhenAskedTo) {
  v1::CreateOrderRequest request = CreateRequest();
  request.mutable_order()->set_billing_period(v1::Order::BILLING_PERIOD_ANNUAL);
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Call(&Stub::CreateOrder, request));
  EXPECT_EQ(order.total().units(), 4500);
}

TEST_F(OrderServiceTest, TheSameRequestGetsTheSameOrder) {
  const v1::CreateOrderRequest request = CreateRequest();
  ASSERT_OK_AND_ASSIGN(const v1::Order first, Call(&Stub::CreateOrder, request));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::Order again, Call(&Stub::CreateOrder, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(CountRows("orders"), 1);
  v1::CreateOrderRequest other = request;
  other.mutable_order()->mutable_lines(0)->set_quantity(26);
  EXPECT_THAT(Call(&Stub::CreateOrder, other), HasReason("REQUEST_ID_REUSED"));
}

TEST_F(OrderServiceTest, TheSameRequestGetsTheSameOrderWhenItsStartHasPassed) {
  v1::CreateOrderRequest request = CreateRequest();
  *request.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 6, 1));
  ASSERT_OK_AND_ASSIGN(const v1::Order first, Call(&Stub::CreateOrder, request));
  clock_.Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const v1::Order again, Call(&Stub::CreateOrder, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
}

TEST_F(OrderServiceTest, ValidateOnlyWritesNothing) {
  v1::CreateOrderRequest request = CreateRequest();
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Call(&Stub::CreateOrder, request));
  EXPECT_EQ(order.total().units(), 375);
  EXPECT_EQ(CountRows("orders") + CountRows("events") + CountRows("stored_replies"), 0);
}

TEST_F(OrderServiceTest, SaysWhyTheSellerIsRefused) {
  partners_.failure = NotFound("CUSTOMER_NOT_FOUND", "There is no such customer.");
  EXPECT_THAT(Call(&Stub::CreateOrder, CreateRequest()), HasReason("CUSTOMER_NOT_FOUND"));
  partners_.failure = PeerDown();
  EXPECT_THAT(Call(&Stub::CreateOrder, CreateRequest()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(CountRows("orders"), 0);
}

TEST_F(OrderServiceTest, APartnerSeesOnlyItsOwnOrders) {
  const v1::Order order = CreateOrder();
  const std::string other = "partners/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff";
  v1::GetOrderRequest get;
  get.set_name(order.name());
  EXPECT_THAT(Call(&Stub::GetOrder, get, other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::CreateOrder, CreateRequest(), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(order), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::ReviseOrder, ReviseRequest(order), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::CancelOrder, CancelRequest(order), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(Call(&Stub::GetOrder, get, kOperator));
  EXPECT_OK(Call(&Stub::GetOrder, get, kLinkService));
  get.set_name(partner_ + "/orders/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff");
  EXPECT_THAT(Call(&Stub::GetOrder, get), HasReason("ORDER_NOT_FOUND"));
}

TEST_F(OrderServiceTest, RevisesAWaitingOrderIntoANewDraft) {
  const v1::Order waiting = WaitingOrder().order();
  v1::ReviseOrderRequest request = ReviseRequest(waiting);
  request.mutable_order()->mutable_lines(0)->set_quantity(30);
  request.mutable_order()->set_partner_reference("R-2");
  request.set_etag(waiting.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Order revised, Call(&Stub::ReviseOrder, request));
  EXPECT_EQ(revised.state(), v1::Order::STATE_DRAFT);
  EXPECT_EQ(revised.revision(), 2);
  EXPECT_EQ(revised.total().units(), 450);
  EXPECT_EQ(revised.partner_reference(), "R-2");
  EXPECT_EQ(revised.link(), "");
  EXPECT_FALSE(revised.has_expire_time());
  EXPECT_EQ(CountRows("order_revisions"), 1);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("LINK_NOT_CURRENT"));
}

TEST_F(OrderServiceTest, ReviseCannotChangeWhoBuysOrSells) {
  v1::ReviseOrderRequest request = ReviseRequest(CreateOrder());
  request.mutable_order()->set_customer(partner_ + "/customers/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff");
  request.mutable_order()->set_partner_of_record("partners/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff");
  const absl::Status status = Call(&Stub::ReviseOrder, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(DetailsOf(status).violations.size(), 2);
}

TEST_F(OrderServiceTest, CancelsForGood) {
  const v1::Order order = CreateOrder();
  ASSERT_OK_AND_ASSIGN(const v1::Order cancelled, Call(&Stub::CancelOrder, CancelRequest(order)));
  EXPECT_EQ(cancelled.state(), v1::Order::STATE_CANCELLED);
  EXPECT_EQ(cancelled.state_reason(), "because of the test");
  EXPECT_THAT(Call(&Stub::CancelOrder, CancelRequest(order)), HasReason("ORDER_STATE"));
  EXPECT_THAT(Call(&Stub::ReviseOrder, ReviseRequest(order)), HasReason("ORDER_STATE"));
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(order)), HasReason("ORDER_STATE"));
  EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED", "ORDER_CANCELLED"));
}

TEST_F(OrderServiceTest, RefusesAChangeOfWhatTheCallerDidNotSee) {
  const v1::Order order = CreateOrder();
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(order)));
  v1::CancelOrderRequest cancel = CancelRequest(order);
  cancel.set_etag(order.etag());
  EXPECT_THAT(Call(&Stub::CancelOrder, cancel), HasReason("ETAG_MISMATCH"));
  v1::SubmitOrderRequest submit = SubmitRequest(order);
  submit.set_etag("nonsense");
  EXPECT_THAT(Call(&Stub::SubmitOrder, submit), HasReason("ETAG_MISMATCH"));
}

TEST_F(OrderServiceTest, EachRoleMayCallItsOwnMethodsOnly) {
  const v1::Order order = WaitingOrder().order();
  const auto denied = StatusIs(absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(Call(&Stub::CreateOrder, CreateRequest(), kLinkService), denied);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(order), kLinkService), denied);
  EXPECT_THAT(Call(&Stub::ReissueLink, ReissueRequest(order), kLinkService), denied);
  EXPECT_THAT(Call(&Stub::ReviseOrder, ReviseRequest(order), kLinkService), denied);
  EXPECT_THAT(Call(&Stub::CancelOrder, CancelRequest(order), kLinkService), denied);
  for (const std::string& caller : {partner_, std::string(kOperator), std::string(kPartnerService)}) {
    EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(order), caller), denied) << caller;
    EXPECT_THAT(Call(&Stub::DeclineOrder, DeclineRequest(order), caller), denied) << caller;
  }
  EXPECT_THAT(Call(&PartnerStateStub::ApplyPartnerState, PartnerStateRequest(9, true)), denied);
  EXPECT_EQ(Read(order).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
}

}  // namespace
}  // namespace countersign::order
