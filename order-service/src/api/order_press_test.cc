#include <string>
#include <thread>
#include <vector>

#include "common/rpc/convert.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OrderPressTest : public ApiTest {};

TEST_F(OrderPressTest, ConfirmsWithTheWholeAcceptance) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService));
  EXPECT_EQ(order.state(), v1::Order::STATE_CONFIRMED);
  EXPECT_EQ(order.start_date().day(), 1);
  EXPECT_EQ(order.link(), waiting.link());
  EXPECT_TRUE(order.has_confirm_time());
  v1::ConfirmOrderRequest again = ConfirmRequest(waiting);
  again.mutable_acceptance()->mutable_press_time()->set_nanos(1'000);
  ASSERT_OK_AND_ASSIGN(const v1::Order same, Call(&Stub::ConfirmOrder, again, kLinkService));
  EXPECT_EQ(same.press_time().DebugString(), ConfirmRequest(waiting).acceptance().press_time().DebugString())
      << "the press that confirmed";
  EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED", "ORDER_SUBMITTED", "ORDER_CONFIRMED"));
  const auto rows = database_->Query("SELECT company_name, purchase_order_number, ip_address FROM acceptances");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].Bytes(0), "Fabrikam, Inc.");
  EXPECT_EQ(rows[0].Bytes(1), "PO-17");
  EXPECT_EQ(rows[0].Bytes(2), "192.0.2.7");
}

TEST_F(OrderPressTest, ANewSubscriptionNeedsToKnowWhoPays) {
  v1::ConfirmOrderRequest request = ConfirmRequest(WaitingOrder().order());
  request.mutable_acceptance()->clear_company_name();
  request.mutable_acceptance()->clear_billing_email();
  request.mutable_acceptance()->clear_billing_address();
  ExpectViolations(Call(&Stub::ConfirmOrder, request, kLinkService).status(),
                   {"acceptance.company_name", "acceptance.billing_email", "acceptance.billing_address"});
  EXPECT_EQ(CountRows("acceptances"), 0);
}

TEST_F(OrderPressTest, ASecondOrderIsBilledToTheAccountThatIsThereAndAsksNobodyWhoPays) {
  billing_.account_exists = true;
  const v1::Order waiting = WaitingOrder().order();
  EXPECT_TRUE(waiting.payer_on_file());
  EXPECT_TRUE(Read(waiting).payer_on_file());
  EXPECT_TRUE(links_.requests.begin()->second.review().payer_on_file());
  v1::ConfirmOrderRequest request = ConfirmRequest(waiting);
  request.mutable_acceptance()->clear_company_name();
  request.mutable_acceptance()->clear_billing_email();
  request.mutable_acceptance()->clear_billing_address();
  EXPECT_OK(Call(&Stub::ConfirmOrder, request, kLinkService));
  EXPECT_EQ(database_->Query("SELECT company_name FROM acceptances").at(0).Bytes(0), "");
}

TEST_F(OrderPressTest, ARevisedOrderKnowsNoPayerUntilItIsSubmittedAgain) {
  billing_.account_exists = true;
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::ReviseOrder, ReviseRequest(waiting)));
  EXPECT_FALSE(draft.payer_on_file());
  EXPECT_TRUE(SubmitOrder(draft).order().payer_on_file());
}

TEST_F(OrderPressTest, WhatTheCustomerConfirmedIsNotCancelledAlsoWhileBillingIsDown) {
  const v1::Order waiting = WaitingOrder().order();
  billing_.failure = absl::UnavailableError("down");
  ASSERT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService));
  const std::vector<std::string> before = EventTypes();
  for (const absl::string_view caller : {absl::string_view(partner_), absl::string_view(kOperator)}) {
    const absl::Status refused = Call(&Stub::CancelOrder, CancelRequest(waiting), caller).status();
    EXPECT_THAT(refused, HasReason("ORDER_STATE")) << caller;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("The order is CONFIRMED and cannot be CANCELLED"));
    EXPECT_THAT(std::string(refused.message()), HasSubstr("CancelSubscription"));
  }
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_CONFIRMED);
  EXPECT_EQ(EventTypes(), before);
}

TEST_F(OrderPressTest, ASecondPressGetsTheFirstConfirmationWhateverItSays) {
  const v1::Order waiting = WaitingOrder().order();
  const v1::ConfirmOrderRequest press = ConfirmRequest(waiting);
  ASSERT_OK_AND_ASSIGN(const v1::Order first, Call(&Stub::ConfirmOrder, press, kLinkService));
  v1::ConfirmOrderRequest other = ConfirmRequest(waiting);
  other.mutable_acceptance()->set_purchase_order_number("PO-18");
  ASSERT_OK_AND_ASSIGN(const v1::Order second, Call(&Stub::ConfirmOrder, other, kLinkService));
  ASSERT_OK_AND_ASSIGN(const v1::Order replay, Call(&Stub::ConfirmOrder, press, kLinkService));
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(replay.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(database_->Query("SELECT purchase_order_number FROM acceptances").at(0).Bytes(0), "PO-17");
  EXPECT_EQ(CountRows("acceptances"), 1);
}

TEST_F(OrderPressTest, ManyPressesAtOnceConfirmOnce) {
  const v1::Order waiting = WaitingOrder().order();
  std::vector<absl::StatusOr<v1::Order>> replies(8, absl::UnknownError("not called"));
  std::vector<std::thread> presses;
  for (auto& reply : replies) {
    presses.emplace_back([&] { reply = Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService); });
  }
  for (std::thread& press : presses) press.join();
  for (const auto& reply : replies) {
    ASSERT_OK(reply);
    EXPECT_EQ(reply->SerializeAsString(), replies[0]->SerializeAsString());
  }
  EXPECT_EQ(CountRows("acceptances"), 1);
}

TEST_F(OrderPressTest, ConfirmAndCancelNeverBothHappen) {
  const v1::Order waiting = WaitingOrder().order();
  absl::StatusOr<v1::Order> confirmed, cancelled;
  std::thread press([&] { confirmed = Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService); });
  cancelled = Call(&Stub::CancelOrder, CancelRequest(waiting));
  press.join();
  EXPECT_NE(confirmed.ok(), cancelled.ok());
  EXPECT_EQ(CountRows("acceptances"), confirmed.ok() ? 1 : 0);
}

TEST_F(OrderPressTest, RefusesAnOlderRevision) {
  v1::ConfirmOrderRequest press = ConfirmRequest(WaitingOrder().order());
  press.set_revision(2);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, press, kLinkService), HasReason("REVISION_NOT_CURRENT"));
}

TEST_F(OrderPressTest, RefusesWhatNobodyConfirmedInTime) {
  const v1::Order waiting = WaitingOrder().order();
  clock_.Advance(absl::Hours(30 * 24));
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("ORDER_EXPIRED"));
  EXPECT_EQ(CountRows("acceptances"), 0);
}

TEST_F(OrderPressTest, RefusesWhileThePartnerIsSuspended) {
  const v1::Order waiting = WaitingOrder().order();
  ApplyPartnerState(4, false);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("PARTNER_NOT_ACTIVE"));
  // Reinstated: the older order stays withdrawn.
  ApplyPartnerState(5, true);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("PARTNER_NOT_ACTIVE"));
}

TEST_F(OrderPressTest, DeclinesWithTheCustomersWords) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Call(&Stub::DeclineOrder, DeclineRequest(waiting), kLinkService));
  EXPECT_EQ(order.state(), v1::Order::STATE_DECLINED);
  EXPECT_EQ(order.state_reason(), "too dear");
  ASSERT_OK_AND_ASSIGN(const v1::Order again, Call(&Stub::DeclineOrder, DeclineRequest(waiting), kLinkService));
  EXPECT_EQ(again.SerializeAsString(), order.SerializeAsString());
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("ORDER_STATE"));
  // The words are the customer's: they are in the row, which can be erased, and in no event.
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM events WHERE reason <> ''").at(0).Int(0), 0);
}

TEST_F(OrderPressTest, RefusesToDeclineWhatIsConfirmed) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService));
  EXPECT_THAT(Call(&Stub::DeclineOrder, DeclineRequest(waiting), kLinkService), HasReason("ORDER_STATE"));
}

TEST_F(OrderPressTest, EventsHoldNoPersonalData) {
  ASSERT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(WaitingOrder().order()), kLinkService));
  for (const mysql::Row& row : database_->Query("SELECT payload FROM events")) {
    EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr("abrikam")));
  }
}

}  // namespace
}  // namespace countersign::order
