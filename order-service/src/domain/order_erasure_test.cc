#include "order-service/src/domain/order_erasure.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_order.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

Order Cancelled() { return *TestWaiting().Cancel("what somebody wrote", TestMorning()); }

TEST(OrderErasureTest, NothingIsErasedWhileAnOrderIsOpen) {
  EXPECT_OK(CheckOrdersEnded({}));
  EXPECT_OK(CheckOrdersEnded({Cancelled(), *TestWaiting().Expire(TestMorning() + absl::Hours(24 * 30))}));
  EXPECT_THAT(CheckOrdersEnded({Cancelled(), TestDraft()}), HasReason("CUSTOMER_NOT_SETTLED"));
  EXPECT_THAT(CheckOrdersEnded({TestWaiting()}), HasReason("CUSTOMER_NOT_SETTLED"));
  EXPECT_THAT(CheckOrdersEnded({*TestWaiting().Confirm(TestPress(), true, TestMorning())}),
              HasReason("CUSTOMER_NOT_SETTLED"));
}

TEST(OrderErasureTest, TakesWhatWasWrittenAndKeepsWhatWasSold) {
  Order before = Cancelled();
  before.terms.customer_note = "Dear Kim";
  before.customer_name = "Kim's Shop";
  const Order erased = Erased(before, TestMorning() + absl::Hours(1));
  EXPECT_EQ(erased.terms.customer_note, "");
  EXPECT_EQ(erased.state_reason, "");
  EXPECT_EQ(erased.customer_name, "");
  EXPECT_EQ(erased.version, before.version + 1);
  EXPECT_EQ(erased.state, OrderState::kCancelled);
  EXPECT_EQ(erased.terms.lines, before.terms.lines);
  EXPECT_EQ(erased.erase_time, TestMorning() + absl::Hours(1));
}

TEST(OrderErasureTest, AnErasedOrderRefusesEveryAct) {
  const Order expired = Erased(*TestWaiting().Expire(TestMorning() + absl::Hours(24 * 30)), TestMorning());
  EXPECT_THAT(expired.Revise(TestDraft().terms, TestMorning()).status(), HasReason("ORDER_ERASED"));
  EXPECT_THAT(expired.Cancel("", TestMorning()).status(), HasReason("ORDER_ERASED"));
}

TEST(OrderErasureTest, NamesEachBillingAccountOnce) {
  EXPECT_THAT(BillingAccountsOf({TestDraft(), TestWaiting(), Cancelled()}),
              ElementsAre(*TestWaiting().billing_account));
}

}  // namespace
}  // namespace countersign::order
