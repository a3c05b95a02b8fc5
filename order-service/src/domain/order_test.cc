#include "order-service/src/domain/order.h"

#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_order.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;

const absl::Time kLater = TestMorning() + absl::Hours(1);

TEST(OrderTest, SubmitFixesThePricesAndNamesTheAccount) {
  Order draft = TestDraft();
  const PricedLines november = TestLines(StartOf(Date(2009, 11, 2)));
  ASSERT_OK_AND_ASSIGN(const Order waiting, draft.Submit(november, kLater));
  EXPECT_EQ(waiting.state, OrderState::kAwaitingConfirmation);
  EXPECT_EQ(waiting.version, 2);
  EXPECT_EQ(waiting.terms.total.ToString(), "250.00 USD");
  EXPECT_EQ(waiting.terms.lines, november.lines);
  EXPECT_EQ(waiting.submit_time, kLater);
  EXPECT_EQ(waiting.expire_time, kLater + absl::Hours(30 * 24));
  EXPECT_EQ(waiting.billing_account, BillingAccountOf(draft.buyer(), "USD"));
  EXPECT_NE(waiting.billing_account, BillingAccountOf(draft.buyer(), "JPY"));
}

TEST(OrderTest, APromotionLowersTheCommitmentAndNotTheListTotal) {
  PricedLines priced = *PriceLines(TestCatalogue(), {{"bpos-standard-suite", *Quantity::Of(25), "eight"}},
                                   PricingAt("USD", 1, TestMorning()));
  OrderTerms terms;
  terms.currency = "USD";
  terms.lines = std::move(priced.lines);
  terms.total = priced.total;
  EXPECT_EQ(terms.Commitment().ToString(), "2400.00 USD");
  EXPECT_EQ(terms.ListTotal().ToString(), "375.00 USD");
}

TEST(OrderTest, ANewOrderIsBilledToTheAccountThatTheCustomerHas) {
  ASSERT_OK_AND_ASSIGN(const Order waiting,
                       TestDraft().Submit(TestLines(), TestMorning(), kDefaultValidDays, TestId("came along")));
  EXPECT_EQ(waiting.billing_account, TestId("came along"));
}

TEST(OrderTest, RefusesSubmitWhenTheRequestedStartHasPassed) {
  Order draft = TestDraft();
  draft.terms.requested_start = Date(2009, 5, 31);
  EXPECT_THAT(draft.Submit(TestLines(), kLater), HasReason("START_DATE_PASSED"));
  draft.terms.requested_start = Date(2009, 6, 1);
  EXPECT_OK(draft.Submit(TestLines(), kLater));
}

TEST(OrderTest, ANewLinkEndsTheOldOne) {
  const Order waiting = TestWaiting();
  ASSERT_OK_AND_ASSIGN(const Order reissued, waiting.ReissueLink(kLater));
  const Order linked = reissued.WithLink(TestId("second"));
  EXPECT_EQ(linked.version, waiting.version + 1);
  EXPECT_EQ(linked.links_made, 2);
  EXPECT_EQ(linked.expire_time, waiting.expire_time);
  EXPECT_EQ(EndedLink(waiting, linked), TestId("link"));
  EXPECT_THAT(linked.Confirm(TestPress(), true, kLater), HasReason("LINK_NOT_CURRENT"));
  EXPECT_OK(linked.Confirm({TestId("second"), 1}, true, kLater));
}

TEST(OrderTest, RefusesANewLinkForAnOrderThatIsOverdue) {
  const Order waiting = TestWaiting();
  EXPECT_THAT(waiting.ReissueLink(*waiting.expire_time), HasReason("ORDER_EXPIRED"));
}

TEST(OrderTest, GetsMoreTimeUpToNinetyDaysAfterItsSubmit) {
  const Order waiting = TestWaiting();
  const absl::Time latest = *waiting.submit_time + absl::Hours(90 * 24);
  ASSERT_OK_AND_ASSIGN(const Order extended, waiting.ExtendExpiry(latest, kLater));
  EXPECT_EQ(extended.state, OrderState::kAwaitingConfirmation);
  EXPECT_EQ(extended.expire_time, latest);
  EXPECT_EQ(extended.version, waiting.version + 1);
  EXPECT_EQ(extended.link, waiting.link);
  EXPECT_EQ(EndedLink(waiting, extended), std::nullopt);
  EXPECT_OK(extended.Confirm(TestPress(), true, latest - absl::Microseconds(1)));
  EXPECT_THAT(extended.Confirm(TestPress(), true, latest), HasReason("ORDER_EXPIRED"));
  EXPECT_THAT(extended.Expire(*waiting.expire_time), HasReason("ORDER_NOT_DUE"));
  EXPECT_THAT(waiting.ExtendExpiry(latest + absl::Microseconds(1), kLater), HasReason("EXPIRY_OUT_OF_RANGE"));
  EXPECT_THAT(waiting.ExtendExpiry(*waiting.expire_time, kLater), HasReason("EXPIRY_OUT_OF_RANGE"));
  EXPECT_THAT(waiting.ExtendExpiry(latest, *waiting.expire_time), HasReason("ORDER_EXPIRED"));
  EXPECT_THAT(TestDraft().ExtendExpiry(latest, kLater), HasReason("ORDER_STATE"));
  EXPECT_THAT(waiting.Expire(*waiting.expire_time)->ExtendExpiry(latest, kLater), HasReason("ORDER_STATE"));
}

TEST(OrderTest, AChangeGetsNoMoreTimeThanItsSubscriptionHas) {
  Order waiting = TestWaiting();
  waiting.kind = OrderKind::kRenew;
  waiting.terms.lines.front().renewal_date = Date(2009, 8, 1);
  EXPECT_OK(waiting.ExtendExpiry(StartOf(Date(2009, 8, 1)), kLater));
  EXPECT_THAT(waiting.ExtendExpiry(StartOf(Date(2009, 8, 1)) + absl::Microseconds(1), kLater),
              HasReason("EXPIRY_OUT_OF_RANGE"));
}

TEST(OrderTest, ConfirmFixesTheStartDate) {
  const absl::Time midnight = StartOf(Date(2009, 6, 3));
  struct Case {
    std::optional<Date> requested;
    absl::Time confirmed;
    Date start;
  };
  const Case cases[] = {
      {std::nullopt, midnight, Date(2009, 6, 3)},
      {std::nullopt, midnight - absl::Microseconds(1), Date(2009, 6, 2)},
      {Date(2009, 6, 2), midnight, Date(2009, 6, 3)},
      {Date(2009, 7, 1), midnight, Date(2009, 7, 1)},
  };
  for (const Case& example : cases) {
    Order waiting = TestWaiting();
    waiting.terms.requested_start = example.requested;
    ASSERT_OK_AND_ASSIGN(const Order confirmed, waiting.Confirm(TestPress(), true, example.confirmed));
    EXPECT_EQ(confirmed.start_date, example.start);
    EXPECT_EQ(confirmed.confirm_time, example.confirmed);
    EXPECT_EQ(confirmed.press_time, TestPress().time);
    EXPECT_EQ(confirmed.state, OrderState::kConfirmed);
  }
}

TEST(OrderTest, RefusesConfirmOfAnOlderRevision) {
  Order waiting = TestWaiting();
  waiting.revision = 2;
  EXPECT_THAT(waiting.Confirm(TestPress(), true, kLater), HasReason("REVISION_NOT_CURRENT"));
}

TEST(OrderTest, RefusesConfirmThroughAnyOtherLink) {
  EXPECT_THAT(TestWaiting().Confirm({TestId("other"), 1}, true, kLater), HasReason("LINK_NOT_CURRENT"));
  EXPECT_THAT(TestDraft().Confirm(TestPress(), true, kLater), HasReason("LINK_NOT_CURRENT"));
}

TEST(OrderTest, RefusesConfirmOnceTheWindowHasClosed) {
  const Order waiting = TestWaiting();
  EXPECT_OK(waiting.Confirm(TestPress(), true, *waiting.expire_time - absl::Microseconds(1)));
  EXPECT_THAT(waiting.Confirm(TestPress(), true, *waiting.expire_time), HasReason("ORDER_EXPIRED"));
  ASSERT_OK_AND_ASSIGN(const Order expired, waiting.Expire(*waiting.expire_time));
  EXPECT_THAT(expired.Confirm(TestPress(), true, *waiting.expire_time), HasReason("ORDER_EXPIRED"));
  EXPECT_THAT(expired.Decline(TestPress(), "", *waiting.expire_time), HasReason("ORDER_EXPIRED"));
}

TEST(OrderTest, RefusesConfirmWhileThePartnerIsNotActive) {
  EXPECT_THAT(TestWaiting().Confirm(TestPress(), false, kLater), HasReason("PARTNER_NOT_ACTIVE"));
}

TEST(OrderTest, RefusesConfirmOfACancelledOrder) {
  ASSERT_OK_AND_ASSIGN(const Order cancelled, TestWaiting().Cancel("a mistake", kLater));
  EXPECT_THAT(cancelled.Confirm(TestPress(), true, kLater), HasReason("ORDER_STATE"));
  EXPECT_EQ(cancelled.state_reason, "a mistake");
}

TEST(OrderTest, KnowsThePressThatConfirmedIt) {
  const Order waiting = TestWaiting();
  EXPECT_FALSE(waiting.WasConfirmedBy(TestPress()));
  ASSERT_OK_AND_ASSIGN(const Order confirmed, waiting.Confirm(TestPress(), true, kLater));
  EXPECT_TRUE(confirmed.WasConfirmedBy(TestPress()));
  EXPECT_FALSE(confirmed.WasConfirmedBy({TestId("link"), 2}));
  EXPECT_FALSE(confirmed.WasConfirmedBy({TestId("other"), 1}));
  ASSERT_OK_AND_ASSIGN(const Order completed, confirmed.Complete({TestId("subscription")}, kLater));
  EXPECT_TRUE(completed.WasConfirmedBy(TestPress()));
  EXPECT_FALSE(completed.WasDeclinedBy(TestPress()));
}

TEST(OrderTest, ADeclinedOrderKeepsTheCustomersWords) {
  ASSERT_OK_AND_ASSIGN(const Order declined, TestWaiting().Decline(TestPress(), "too dear", kLater));
  EXPECT_EQ(declined.state_reason, "too dear");
  EXPECT_TRUE(declined.WasDeclinedBy(TestPress()));
  EXPECT_THAT(declined.Confirm(TestPress(), true, kLater), HasReason("ORDER_STATE"));
}

TEST(OrderTest, ReviseMakesANewRevisionOnceTheCustomerMayHaveSeenIt) {
  const Order waiting = TestWaiting();
  OrderTerms other = waiting.terms;
  other.currency = "JPY";
  ASSERT_OK_AND_ASSIGN(const Order revised, waiting.Revise(other, kLater));
  EXPECT_EQ(revised.state, OrderState::kDraft);
  EXPECT_EQ(revised.revision, 2);
  EXPECT_EQ(revised.link, std::nullopt);
  EXPECT_EQ(revised.expire_time, std::nullopt);
  EXPECT_EQ(revised.billing_account, std::nullopt);
  EXPECT_EQ(EndedLink(waiting, revised), TestId("link"));
  EXPECT_THAT(revised.Confirm(TestPress(), true, kLater), HasReason("LINK_NOT_CURRENT"));
}

TEST(OrderTest, ReviseChangesADraftInPlace) {
  const Order draft = TestDraft();
  ASSERT_OK_AND_ASSIGN(const Order revised, draft.Revise(draft.terms, kLater));
  EXPECT_EQ(revised.revision, 1);
  EXPECT_EQ(revised.version, 2);
  EXPECT_EQ(EndedLink(draft, revised), std::nullopt);
}

TEST(OrderTest, ExpiresOnlyWhenDue) {
  const Order waiting = TestWaiting();
  EXPECT_THAT(waiting.Expire(*waiting.expire_time - absl::Microseconds(1)), HasReason("ORDER_NOT_DUE"));
  ASSERT_OK_AND_ASSIGN(const Order expired, waiting.Expire(*waiting.expire_time));
  EXPECT_EQ(EndedLink(waiting, expired), TestId("link"));
}

TEST(OrderTest, CompletingEndsNoLinkASecondTime) {
  ASSERT_OK_AND_ASSIGN(const Order confirmed, TestWaiting().Confirm(TestPress(), true, kLater));
  ASSERT_OK_AND_ASSIGN(const Order completed, confirmed.Complete({TestId("subscription")}, kLater));
  EXPECT_EQ(EndedLink(confirmed, completed), std::nullopt);
  EXPECT_THAT(completed.subscriptions, ::testing::ElementsAre(TestId("subscription")));
}

TEST(OrderTest, ARequestedStartIsWithinNinetyDays) {
  EXPECT_OK(CheckRequestedStart(Date(2009, 6, 1), TestMorning()));
  EXPECT_OK(CheckRequestedStart(Date(2009, 8, 30), TestMorning()));
  EXPECT_FALSE(CheckRequestedStart(Date(2009, 8, 31), TestMorning()).ok());
  EXPECT_FALSE(CheckRequestedStart(Date(2009, 5, 31), TestMorning()).ok());
}

}  // namespace
}  // namespace countersign::order
