#include "order-service/src/api/press_handlers.h"

#include <string>
#include <thread>
#include <vector>

#include "common/rpc/convert.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

class PressHandlersTest : public ApiTest {};

TEST_F(PressHandlersTest, ConfirmsWithTheWholeAcceptance) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService));
  EXPECT_EQ(order.state(), v1::Order::STATE_CONFIRMED);
  EXPECT_EQ(order.start_date().day(), 1);
  EXPECT_EQ(order.link(), waiting.link());
  EXPECT_TRUE(order.has_confirm_time());
  EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED", "ORDER_SUBMITTED", "ORDER_CONFIRMED"));
  const auto rows = database_->Query("SELECT company_name, purchase_order_number, ip_address FROM acceptances");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].Bytes(0), "Fabrikam, Inc.");
  EXPECT_EQ(rows[0].Bytes(1), "PO-17");
  EXPECT_EQ(rows[0].Bytes(2), "192.0.2.7");
}

TEST_F(PressHandlersTest, ASecondPressGetsTheFirstConfirmationWhateverItSays) {
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

TEST_F(PressHandlersTest, ManyPressesAtOnceConfirmOnce) {
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

TEST_F(PressHandlersTest, ConfirmAndCancelNeverBothHappen) {
  const v1::Order waiting = WaitingOrder().order();
  absl::StatusOr<v1::Order> confirmed, cancelled;
  std::thread press([&] { confirmed = Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService); });
  cancelled = Call(&Stub::CancelOrder, CancelRequest(waiting));
  press.join();
  EXPECT_NE(confirmed.ok(), cancelled.ok());
  EXPECT_EQ(CountRows("acceptances"), confirmed.ok() ? 1 : 0);
}

TEST_F(PressHandlersTest, RefusesAnOlderRevision) {
  v1::ConfirmOrderRequest press = ConfirmRequest(WaitingOrder().order());
  press.set_revision(2);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, press, kLinkService), HasReason("REVISION_NOT_CURRENT"));
}

TEST_F(PressHandlersTest, RefusesWhatNobodyConfirmedInTime) {
  const v1::Order waiting = WaitingOrder().order();
  clock_.Advance(absl::Hours(30 * 24));
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("ORDER_EXPIRED"));
  EXPECT_EQ(CountRows("acceptances"), 0);
}

TEST_F(PressHandlersTest, RefusesWhileThePartnerIsSuspended) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ApplyPartnerState, PartnerStateRequest(4, false), kPartnerService));
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("PARTNER_NOT_ACTIVE"));
  // Reinstated: the order of before stays withdrawn.
  ASSERT_OK(Call(&Stub::ApplyPartnerState, PartnerStateRequest(5, true), kPartnerService));
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("PARTNER_NOT_ACTIVE"));
}

TEST_F(PressHandlersTest, AnOlderPartnerStateChangesNothing) {
  ASSERT_OK(Call(&Stub::ApplyPartnerState, PartnerStateRequest(4, false), kPartnerService));
  const int64_t events = CountRows("events");
  ASSERT_OK(Call(&Stub::ApplyPartnerState, PartnerStateRequest(3, true), kPartnerService));
  ASSERT_OK(Call(&Stub::ApplyPartnerState, PartnerStateRequest(4, true), kPartnerService));
  EXPECT_EQ(CountRows("events"), events);
  EXPECT_FALSE(database_->Query("SELECT active FROM partner_states").at(0).Bool(0));
}

TEST_F(PressHandlersTest, DeclinesWithTheCustomersWords) {
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

TEST_F(PressHandlersTest, RefusesToDeclineWhatIsConfirmed) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService));
  EXPECT_THAT(Call(&Stub::DeclineOrder, DeclineRequest(waiting), kLinkService), HasReason("ORDER_STATE"));
}

TEST_F(PressHandlersTest, EventsHoldNoPersonalData) {
  ASSERT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(WaitingOrder().order()), kLinkService));
  for (const mysql::Row& row : database_->Query("SELECT payload FROM events")) {
    EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr("abrikam")));
  }
}

}  // namespace
}  // namespace countersign::order
