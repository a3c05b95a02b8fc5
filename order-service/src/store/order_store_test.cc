#include "order-service/src/store/order_store.h"

#include <map>
#include <string>

#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/events/lease.h"
#include "gmock/gmock.h"
#include "order-service/src/store/order_figures.h"
#include "order-service/src/store/order_store_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(OrderStoreTest, GivesBackWhatWasCreated) {
  Order draft = TestDraft();
  draft.terms.requested_start = Date(2009, 7, 1);
  draft.terms.partner_reference = "注文-1";
  ASSERT_OK(Write(draft));
  const StoredOrder stored = Stored();
  EXPECT_EQ(stored.order, draft);
  EXPECT_EQ(stored.partner, PartnerState{});
  EXPECT_EQ(stored.account, std::nullopt);
}

TEST_F(OrderStoreTest, SaysWhenThereIsNoSuchOrder) {
  EXPECT_THAT(store_.Get(TestDeadline(), TestDraft().name), HasReason("ORDER_NOT_FOUND"));
  Created();
  EXPECT_THAT(store_.Get(TestDeadline(), {TestId("other"), TestId("order")}), HasReason("ORDER_NOT_FOUND"));
  EXPECT_THAT(store_.GetConfirmed(TestDeadline(), TestDraft().name), HasReason("ORDER_NOT_FOUND"));
}

TEST_F(OrderStoreTest, RefusesTheSameIdTwice) {
  const Order draft = Created();
  EXPECT_TRUE(IsLostRace(Write(draft)));
}

TEST_F(OrderStoreTest, SubmitKeepsAccountAndPartnerState) {
  const Order waiting = Waiting();
  const StoredOrder stored = Stored();
  EXPECT_EQ(stored.order, waiting);
  EXPECT_EQ(stored.partner, kActive);
  EXPECT_EQ(stored.account, waiting.billing_account);
  const auto rows = schema_->Query("SELECT billing_account_id FROM customer_accounts");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].Id(0), *waiting.billing_account);
}

TEST_F(OrderStoreTest, TheAccountThatWasReservedFirstWins) {
  Created();
  const StoredOrder before = Stored();
  Order other = TestWaiting();
  other.name.id = TestId("other");
  other.kind = OrderKind::kChangePartner;
  other.billing_account = TestId("came along");
  ASSERT_OK(Commit(other, OrderStore::RowsOfCompleted({other, kActive}, other)));
  EXPECT_TRUE(IsLostRace(Submit(before, TestWaiting())));
  EXPECT_EQ(Stored().account, other.billing_account);
  EXPECT_EQ(OrderStore::RowsOfCompleted(Stored(), other).size(), 1);
}

TEST_F(OrderStoreTest, EveryWriteIsGuardedByTheVersion) {
  const Order waiting = Waiting();
  const Order stale = *TestDraft().Cancel("late", kLater);
  EXPECT_TRUE(IsLostRace(Write(stale)));
  EXPECT_TRUE(IsLostRace(Submit({TestDraft(), kActive, TestWaiting().billing_account}, TestWaiting())));
  const Order revised = *TestDraft().Revise(TestDraft().terms, kLater);
  EXPECT_TRUE(IsLostRace(Commit(revised, OrderStore::RowsOfRevised(TestDraft(), revised))));
  const Order reissued = waiting.ReissueLink(kLater)->WithLink(TestId("second"));
  ASSERT_OK(Write(reissued));
  EXPECT_TRUE(IsLostRace(Confirm(*waiting.Confirm(TestPress(), true, kLater))));
  EXPECT_EQ(Stored().order, reissued);
  EXPECT_THAT(schema_->Query("SELECT order_id FROM acceptances"), IsEmpty());
}

TEST_F(OrderStoreTest, ConfirmKeepsTheAcceptanceInTheSameCommit) {
  const Order confirmed = *Waiting().Confirm(TestPress(), true, kLater);
  ASSERT_OK(Confirm(confirmed));
  ASSERT_OK_AND_ASSIGN(const ConfirmedOrder stored, store_.GetConfirmed(TestDeadline(), confirmed.name));
  EXPECT_EQ(stored.order, confirmed);
  EXPECT_EQ(stored.acceptance, TestAcceptance());
}

TEST_F(OrderStoreTest, CountsWhatIsOnItsWayAndHowLongTheOldestConfirmedWaits) {
  const auto figures_at = [](absl::Time now) {
    std::map<std::string, double> figures;
    const auto read = ReadOrderFigures(schema_->database(), TestDeadline(), now);
    EXPECT_OK(read);
    if (!read.ok()) return figures;
    for (const metrics::Figure& figure : *read) {
      const auto state = figure.labels.find("state");
      figures[state == figure.labels.end() ? figure.name : state->second] = figure.value;
    }
    return figures;
  };
  const std::string oldest = "countersign_orders_confirmed_oldest_seconds";
  const Order waiting = Waiting();
  std::map<std::string, double> expected = {{"DRAFT", 0}, {"AWAITING_CONFIRMATION", 1}, {"CONFIRMED", 0}, {oldest, 0}};
  EXPECT_EQ(figures_at(kLater), expected);
  const Order confirmed = *waiting.Confirm(TestPress(), true, kLater);
  ASSERT_OK(Confirm(confirmed));
  expected = {{"DRAFT", 0}, {"AWAITING_CONFIRMATION", 0}, {"CONFIRMED", 1}, {oldest, 90}};
  EXPECT_EQ(figures_at(kLater + absl::Seconds(90)), expected);
  ASSERT_OK(Write(*confirmed.Complete({TestId("s1")}, kLater)));
  expected = {{"DRAFT", 0}, {"AWAITING_CONFIRMATION", 0}, {"CONFIRMED", 0}, {oldest, 0}};
  EXPECT_EQ(figures_at(kLater + absl::Hours(9)), expected);
}

TEST_F(OrderStoreTest, RefusesConfirmWhenThePartnerWasSuspendedMeanwhile) {
  const Order waiting = Waiting();
  Apply(PartnerState::Of(4, false));
  const Order confirmed = *waiting.Confirm(TestPress(), /*partner_active=*/true, kLater);
  EXPECT_TRUE(IsLostRace(Confirm(confirmed)));
  EXPECT_EQ(Stored().order, waiting);
  EXPECT_EQ(Stored().partner, PartnerState::Of(4, false));
}

TEST_F(OrderStoreTest, CompletesWithItsSubscriptions) {
  const Order confirmed = *Waiting().Confirm(TestPress(), true, kLater);
  ASSERT_OK(Confirm(confirmed));
  const Order completed = *confirmed.Complete({TestId("s1"), TestId("s2")}, kLater);
  ASSERT_OK(Write(completed));
  EXPECT_EQ(Stored().order, completed);
}

TEST_F(OrderStoreTest, KeepsARevisionThatTheCustomerWasGiven) {
  const Order waiting = Waiting();
  OrderTerms terms = waiting.terms;
  terms.lines = TestLines(StartOf(Date(2009, 11, 2))).lines;
  const Order revised = *waiting.Revise(terms, kLater);
  ASSERT_OK(Commit(revised, OrderStore::RowsOfRevised(waiting, revised)));
  EXPECT_EQ(Stored().order, revised);
  const auto rows = schema_->Query("SELECT revision, state, link_id, total_micros FROM order_revisions");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].Int(0), 1);
  EXPECT_EQ(rows[0].Bytes(1), "AWAITING_CONFIRMATION");
  EXPECT_EQ(rows[0].Id(2), TestId("link"));
  EXPECT_EQ(rows[0].Int(3), 375'000'000);
}

TEST_F(OrderStoreTest, ListsWhatIsOverdueInItsBucketOnly) {
  const Order waiting = Waiting();
  const int bucket = events::BucketOf(waiting.name.partner);
  const absl::Time due = *waiting.expire_time;
  EXPECT_THAT(*store_.ListOverdue(TestDeadline(), bucket, due, 10), ElementsAre(waiting.name));
  EXPECT_THAT(*store_.ListOverdue(TestDeadline(), bucket, due - absl::Microseconds(1), 10), IsEmpty());
  EXPECT_THAT(*store_.ListOverdue(TestDeadline(), (bucket + 1) % events::kBuckets, due, 10), IsEmpty());
  events::Leases leases(schema_->database(), "a", absl::Seconds(10));
  ASSERT_OK(leases.Refresh(TestDeadline(), [](int) { return true; }));
  EXPECT_THAT(*store_.ListOverdueBuckets(TestDeadline(), due), ElementsAre(bucket));
  EXPECT_THAT(*store_.ListOverdueBuckets(TestDeadline(), due - absl::Microseconds(1)), IsEmpty());
  const Order expired = *waiting.Expire(due);
  ASSERT_OK(Write(expired));
  EXPECT_THAT(*store_.ListOverdue(TestDeadline(), bucket, due, 10), IsEmpty());
}

TEST_F(OrderStoreTest, RefusesSubmitWhenThePartnerWasSuspendedMeanwhile) {
  Created();
  const StoredOrder before = Stored();
  Apply(PartnerState::Of(4, false));
  EXPECT_TRUE(IsLostRace(Submit(before, TestWaiting())));
  // Reinstated: what was checked before the suspension is too old all the same.
  Apply(PartnerState::Of(5, true));
  EXPECT_TRUE(IsLostRace(Submit(before, TestWaiting())));
  EXPECT_EQ(Stored().order, TestDraft());
}

TEST_F(OrderStoreTest, ASubmitThatLosesTakesOverNothingOfThePartner) {
  Created();
  const StoredOrder before = Stored();
  ASSERT_OK(Write(*TestDraft().Cancel("meanwhile", kLater)));
  EXPECT_TRUE(IsLostRace(Submit(before, TestWaiting())));
  EXPECT_EQ(*states_.Known(TestDeadline(), TestId("partner")), PartnerState{});
}

TEST_F(OrderStoreTest, ARowThatMakesNoSenseIsDataLoss) {
  Waiting();
  schema_->Execute("UPDATE orders SET order_lines = '[{}]'");
  EXPECT_TRUE(absl::IsDataLoss(store_.Get(TestDeadline(), TestDraft().name).status()));
  schema_->Execute("UPDATE orders SET order_lines = '[]', state = 'LOST'");
  EXPECT_TRUE(absl::IsDataLoss(store_.Get(TestDeadline(), TestDraft().name).status()));
  schema_->Execute("UPDATE orders SET state = 'DRAFT', subscriptions = 'x'");
  EXPECT_TRUE(absl::IsDataLoss(store_.Get(TestDeadline(), TestDraft().name).status()));
}

}  // namespace
}  // namespace countersign::order
