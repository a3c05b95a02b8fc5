#include "billing-service/src/domain/dunning.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<DunningLadder> Ladders() {
  return {{.id = Uuid::Derived({"first"}),
           .effective_date = Date(2009, 1, 1),
           .rungs = {{7, DunningState::kPastDue}, {30, DunningState::kSuspended}, {60, DunningState::kCancelled}}},
          {.id = Uuid::Derived({"second"}),
           .effective_date = Date(2010, 1, 1),
           .rungs = {{3, DunningState::kReminded}, {10, DunningState::kPastDue}}}};
}

Invoice DueOn(Date due_date, int64_t sequence = 1) {
  Invoice invoice;
  invoice.id = Uuid::Derived({"invoice", std::to_string(sequence)});
  invoice.sequence = sequence;
  invoice.due_date = due_date;
  return invoice;
}

// Day by day from `from` until `until`, both included.
std::vector<Date> DaysOfRungs(Dunning dunning, const std::vector<Invoice>& invoices, Date from, Date until) {
  std::vector<Date> days;
  for (Date day = from; day <= until; ++day) {
    DunningMove move = MoveDunning(dunning, invoices, Ladders(), true, day);
    if (move.step == DunningStep::kReached) days.push_back(day);
    dunning = move.dunning;
  }
  return days;
}

TEST(DunningTest, ClimbsSevenThirtyAndSixtyDaysAfterDue) {
  EXPECT_THAT(DaysOfRungs({}, {DueOn(Date(2009, 7, 1))}, Date(2009, 6, 1), Date(2009, 8, 30)),
              ElementsAre(Date(2009, 7, 8), Date(2009, 7, 31), Date(2009, 8, 30)));
}

TEST(DunningTest, ClimbsOneRungADayAfterAnOutage) {
  EXPECT_THAT(DaysOfRungs({}, {DueOn(Date(2009, 7, 1))}, Date(2009, 9, 15), Date(2009, 9, 17)),
              ElementsAre(Date(2009, 9, 15), Date(2009, 9, 16), Date(2009, 9, 17)));
}

TEST(DunningTest, SaysWhenTheNextRungIsDue) {
  const DunningMove first = MoveDunning({}, {DueOn(Date(2009, 7, 1))}, Ladders(), true, Date(2009, 7, 8));
  EXPECT_EQ(first.step, DunningStep::kReached);
  EXPECT_EQ(first.dunning.state, DunningState::kPastDue);
  EXPECT_EQ(first.dunning.rung, 1);
  EXPECT_EQ(first.dunning.next_date, Date(2009, 7, 31));
  const DunningMove again = MoveDunning(first.dunning, {DueOn(Date(2009, 7, 1))}, Ladders(), true, Date(2009, 7, 8));
  EXPECT_EQ(again.step, DunningStep::kNone);
}

TEST(DunningTest, PaymentClearsTheAccountAtOnce) {
  Dunning dunning = MoveDunning({}, {DueOn(Date(2009, 7, 1))}, Ladders(), true, Date(2009, 7, 8)).dunning;
  const DunningMove cleared = MoveDunning(dunning, {}, Ladders(), true, Date(2009, 7, 9));
  EXPECT_EQ(cleared.step, DunningStep::kCleared);
  EXPECT_EQ(cleared.dunning.state, DunningState::kClear);
  EXPECT_EQ(cleared.dunning.invoice, std::nullopt);
  EXPECT_EQ(MoveDunning(cleared.dunning, {}, Ladders(), true, Date(2009, 7, 9)).step, DunningStep::kNone);
}

TEST(DunningTest, AYoungerDebtEasesToWhereItStands) {
  Dunning dunning{.state = DunningState::kSuspended,
                  .cycle = 1,
                  .invoice = DueOn(Date(2009, 7, 1)).id,
                  .rung = 2,
                  .rung_date = Date(2009, 7, 31)};
  const Invoice younger = DueOn(Date(2009, 7, 31), 2);
  const DunningMove eased = MoveDunning(dunning, {younger}, Ladders(), true, Date(2009, 8, 10));
  EXPECT_EQ(eased.step, DunningStep::kEased);
  EXPECT_EQ(eased.dunning.state, DunningState::kPastDue);
  EXPECT_EQ(eased.dunning.cycle, 2);
  EXPECT_EQ(eased.dunning.invoice, younger.id);
  EXPECT_EQ(eased.dunning.next_date, Date(2009, 8, 30));
  EXPECT_EQ(MoveDunning(dunning, {younger}, Ladders(), true, Date(2009, 8, 5)).step, DunningStep::kCleared);
}

TEST(DunningTest, TheOldestOpenInvoiceDrives) {
  Dunning dunning{.state = DunningState::kPastDue, .cycle = 1, .invoice = DueOn(Date(2009, 7, 31), 2).id, .rung = 1};
  const Invoice older = DueOn(Date(2009, 7, 1));
  const DunningMove turned =
      MoveDunning(dunning, {DueOn(Date(2009, 7, 31), 2), older}, Ladders(), false, Date(2009, 8, 10));
  EXPECT_EQ(turned.step, DunningStep::kTurned);
  EXPECT_EQ(turned.dunning.invoice, older.id);
  EXPECT_EQ(turned.dunning.state, DunningState::kPastDue);
}

TEST(DunningTest, AHoldStopsTheClimbUntilItsDay) {
  Dunning dunning;
  ASSERT_TRUE(HoldDunning(dunning, Date(2009, 7, 20), "a dispute", Date(2009, 7, 1)).ok());
  EXPECT_THAT(DaysOfRungs(dunning, {DueOn(Date(2009, 7, 1))}, Date(2009, 7, 1), Date(2009, 7, 22)),
              ElementsAre(Date(2009, 7, 20)));
  EXPECT_FALSE(HoldDunning(dunning, Date(2009, 7, 1), "late", Date(2009, 7, 1)).ok());
  EXPECT_FALSE(HoldDunning(dunning, Date(2010, 7, 2), "long", Date(2009, 7, 1)).ok());
  ASSERT_TRUE(HoldDunning(dunning, std::nullopt, "settled", Date(2009, 7, 1)).ok());
  EXPECT_EQ(dunning.hold_until, std::nullopt);
}

// It has subscriptions left to end, or invoices to give up.
TEST(DunningTest, NothingIsClimbedBeforeACancellationIsDone) {
  Dunning dunning = {.state = DunningState::kCancelled, .cycle = 1, .rung = 3, .next_date = Date(2009, 8, 30)};
  EXPECT_EQ(MoveDunning(dunning, {DueOn(Date(2009, 7, 1))}, Ladders(), true, Date(2009, 9, 1)).step,
            DunningStep::kNone);
  dunning.next_date.reset();
  EXPECT_EQ(MoveDunning(dunning, {DueOn(Date(2009, 7, 1))}, Ladders(), true, Date(2009, 9, 1)).step,
            DunningStep::kReached);
}

TEST(DunningTest, TheLadderIsThatOfTheDueDate) {
  EXPECT_EQ(LadderFor(Ladders(), Date(2009, 12, 31))->id, Uuid::Derived({"first"}));
  EXPECT_EQ(LadderFor(Ladders(), Date(2010, 1, 1))->id, Uuid::Derived({"second"}));
  EXPECT_EQ(LadderFor(Ladders(), Date(2008, 12, 31)), nullptr);
  const DunningMove top =
      MoveDunning({.state = DunningState::kReminded, .cycle = 1, .invoice = DueOn(Date(2010, 1, 1)).id, .rung = 1},
                  {DueOn(Date(2010, 1, 1))}, Ladders(), true, Date(2010, 1, 11));
  EXPECT_EQ(top.dunning.state, DunningState::kPastDue);
  EXPECT_EQ(top.dunning.next_date, kNoNextRung);
}

TEST(DunningTest, ALadderOnlyLeadsUp) {
  EXPECT_EQ(ProblemOf(Ladders()[0].rungs), "");
  EXPECT_NE(ProblemOf({}), "");
  EXPECT_NE(ProblemOf({{7, DunningState::kSuspended}, {8, DunningState::kPastDue}}), "");
  EXPECT_NE(ProblemOf({{7, DunningState::kPastDue}, {7, DunningState::kSuspended}}), "");
  EXPECT_NE(ProblemOf({{7, DunningState::kClear}}), "");
  EXPECT_NE(ProblemOf({{0, DunningState::kPastDue}}), "");
  EXPECT_NE(ProblemOf({{7, DunningState::kCancelled}, {8, DunningState::kCancelled}}), "");
  EXPECT_EQ(*RungsOf(TextOf(Ladders()[0].rungs)), Ladders()[0].rungs);
  EXPECT_FALSE(RungsOf("7:PAST_DUE,x").ok());
}

TEST(DunningTest, AnOperatorsSuspensionStaysWhenTheDebtIsPaid) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.state = SubscriptionState::kSuspended;
  suite.suspensions = {SuspensionReason::kOperator};
  EXPECT_TRUE(*AlignWithDunning(suite, DunningState::kSuspended, Day("2009-07-31")));
  EXPECT_FALSE(*AlignWithDunning(suite, DunningState::kSuspended, Day("2009-07-31")));
  EXPECT_TRUE(*AlignWithDunning(suite, DunningState::kClear, Day("2009-08-05")));
  EXPECT_EQ(suite.state, SubscriptionState::kSuspended);
  EXPECT_THAT(suite.suspensions, ElementsAre(SuspensionReason::kOperator));
}

// Suspended 07-31, paid 08-05: 375.00 × 27/31.
TEST(DunningTest, NoPeriodThatStartsUnderSuspensionIsBilledAndTheRestOfItIsProrated) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-07-01");
  EXPECT_TRUE(*AlignWithDunning(suite, DunningState::kPastDue, Day("2009-07-08")));
  EXPECT_EQ(suite.state, SubscriptionState::kPastDue);
  EXPECT_TRUE(*AlignWithDunning(suite, DunningState::kSuspended, Day("2009-07-31")));
  EXPECT_THAT(BillOn(suite, "2009-08-04"), IsEmpty());
  EXPECT_TRUE(*AlignWithDunning(suite, DunningState::kClear, Day("2009-08-05")));
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
  const std::vector<InvoiceLine> lines = BillOn(suite, "2009-08-05");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(326'61));
  EXPECT_THAT(FeesInCents(lines), ElementsAre(39'19));
}

TEST(DunningTest, CancellationEndsEverySubscriptionAndPaymentBringsNoneBack) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-08-01");
  suite = (*CancelUnpaid(suite, Day("2009-08-30")))->subscription;
  EXPECT_EQ(suite.state, SubscriptionState::kCancelled);
  EXPECT_EQ(*CancelUnpaid(suite, Day("2009-08-31")), std::nullopt);
  EXPECT_EQ(suite.end, Day("2009-08-30"));
  EXPECT_FALSE(*AlignWithDunning(suite, DunningState::kClear, Day("2009-09-05")));
  EXPECT_THAT(BillOn(suite, "2009-12-01"), IsEmpty());
}

}  // namespace
}  // namespace countersign::billing
