#include "billing-service/src/domain/cancellation.h"

#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/renewal.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
TEST(CancellationTest, AddedSeatsInTheirWindowAreCreditedInFull) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-29"), 10, Usd(15'00)).ok());
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-07-01")), ElementsAre(375'00, 10'00, 150'00));
  const Cancellation cancelled = *CancelTranche(suite, 2, Day("2009-07-05"));
  EXPECT_THAT(cancelled.credited, ElementsAre(CreditedDays{2, {Day("2009-06-29"), Day("2009-08-01")}}))
      << "both lines: 160.00";
  EXPECT_EQ(Quantity(cancelled.subscription), 25);
  Subscription next = cancelled.subscription;
  EXPECT_THAT(NetsInCents(BillOn(next, "2009-08-01")), ElementsAre(375'00));
  EXPECT_EQ(DetailsOf(CancelTranche(suite, 2, Day("2009-07-06")).status()).reason, "CANCELLATION_WINDOW_ENDED");
  EXPECT_EQ(DetailsOf(CancelTranche(suite, 1, Day("2009-07-05")).status()).reason, "CANCELLATION_WINDOW_ENDED");
  EXPECT_FALSE(CancelTranche(suite, 3, Day("2009-07-05")).ok());
}

TEST(CancellationTest, ProratedCreditTakesBackTheDaysFromThePress) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.billing_months = 12;
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-01")), ElementsAre(4'500'00));
  const Cancellation cancelled = *CancelNow(suite, Day("2009-09-10"), CancelPolicy::kProratedCredit, "moved on");
  ASSERT_EQ(cancelled.credited.size(), 1u);
  EXPECT_EQ(cancelled.credited[0].days.days(), 264);
  EXPECT_EQ(*LineAmount(Usd(15'00), 25, 12, cancelled.credited[0].days, CurrentTerm(suite)), Usd(3'254'79));
  EXPECT_EQ(cancelled.subscription.state, SubscriptionState::kCancelled);
  EXPECT_EQ(cancelled.subscription.end, Day("2009-09-10"));
  EXPECT_THAT(CancelNow(suite, Day("2009-09-10"), CancelPolicy::kNoCredit, "")->credited, IsEmpty());
}

TEST(CancellationTest, WindowBeginsAgainWithEachTermAndIgnoresThePolicy) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 25, Usd(10'00)).ok());
  BillOn(suite, "2010-06-01");
  EXPECT_THAT(CancelNow(suite, Day("2010-06-07"), CancelPolicy::kNoCredit, "")->credited,
              ElementsAre(CreditedDays{1, {Day("2010-06-01"), Day("2010-07-01")}}));
  EXPECT_THAT(CancelNow(suite, Day("2010-06-08"), CancelPolicy::kNoCredit, "")->credited, IsEmpty());
}

TEST(CancellationTest, CancelledTwiceIsRefused) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  const Subscription cancelled = CancelNow(suite, Day("2009-06-20"), CancelPolicy::kNoCredit, "")->subscription;
  EXPECT_EQ(DetailsOf(CancelNow(cancelled, Day("2009-06-21"), CancelPolicy::kNoCredit, "").status()).reason,
            "SUBSCRIPTION_STATE");
  EXPECT_EQ(NextBillDate(cancelled), std::nullopt);
}

TEST(CancellationTest, ThePressOfACustomerIsFreeOrRefused) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  EXPECT_EQ(CancelNow(suite, Day("2009-06-07"), CancelPolicy::kWindowOnly, "")->credited.size(), 1u);
  EXPECT_EQ(DetailsOf(CancelNow(suite, Day("2009-06-08"), CancelPolicy::kWindowOnly, "").status()).reason,
            "CANCELLATION_WINDOW_ENDED");
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-29"), 10, Usd(15'00)).ok());
  EXPECT_EQ(DetailsOf(CancelNow(suite, Day("2009-06-30"), CancelPolicy::kWindowOnly, "").status()).reason,
            "CANCELLATION_WINDOW_ENDED")
      << "the first seats are not in their window";
}

TEST(CancellationTest, APressIsOfTheCurrentTermAndNotOfTheFuture) {
  Subscription suite = Seats(25, Usd(15'00), "2008-02-29");
  const absl::Time now = StartOf(Day("2009-03-03")) + absl::Hours(9);
  EXPECT_EQ(*DayOfPress(suite, std::nullopt, now), Day("2009-03-03"));
  EXPECT_EQ(*DayOfPress(suite, now - absl::Hours(10), now), Day("2009-03-02"));
  EXPECT_FALSE(DayOfPress(suite, now + absl::Hours(3), now).ok());
  EXPECT_EQ(DetailsOf(DayOfPress(suite, StartOf(Day("2008-02-28")), now).status()).reason, "PRESS_BEFORE_TERM");
  BillOn(suite, "2009-02-27");
  ASSERT_TRUE(Renew(suite, 25, Usd(10'00)).ok());
  EXPECT_TRUE(DayOfPress(suite, StartOf(Day("2009-02-28")), now).ok()) << "a year after a 29 February";
  EXPECT_EQ(DetailsOf(DayOfPress(suite, StartOf(Day("2009-02-27")), now).status()).reason, "PRESS_BEFORE_TERM");
  suite.state = SubscriptionState::kPending;
  EXPECT_TRUE(DayOfPress(suite, StartOf(Day("2009-02-27")), now).ok()) << "it has not begun";
}

TEST(CancellationTest, APressRecordedByAClockThatIsAnHourOffIsTaken) {
  const Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  const absl::Time late = StartOf(Day("2009-06-08")) - absl::Minutes(30);
  EXPECT_EQ(*DayOfPress(suite, late + absl::Hours(1), late), Day("2009-06-07")) << "never later than now";
  const absl::Time early = StartOf(Day("2009-06-01")) + absl::Minutes(30);
  EXPECT_EQ(*DayOfPress(suite, early - absl::Hours(1), early), Day("2009-06-01")) << "never before the start";
}

TEST(CancellationTest, AClockThatJumpedBackIsRefused) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.update_time = StartOf(Day("2009-06-10"));
  EXPECT_TRUE(CheckClock(suite, suite.update_time - absl::Minutes(59)).ok()) << "replicas' clocks may differ";
  EXPECT_EQ(DetailsOf(CheckClock(suite, suite.update_time - absl::Minutes(61))).reason, "CLOCK_WENT_BACK");
}

TEST(CancellationTest, ReinstatedInsideAPeriodItBillsTheDaysLeft) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-07-01");
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kOverdue, Day("2009-07-31")).ok());
  EXPECT_EQ(suite.state, SubscriptionState::kSuspended);
  EXPECT_THAT(BillOn(suite, "2009-08-01"), IsEmpty());
  ASSERT_TRUE(Resume(suite, SuspensionReason::kOverdue, Day("2009-08-05")).ok());
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
  const std::vector<InvoiceLine> lines = BillOn(suite, "2009-08-05");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(326'61)) << "375.00 × 27/31";
  EXPECT_THAT(FeesInCents(lines), ElementsAre(39'19));
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-09-01")), ElementsAre(375'00));
}

TEST(CancellationTest, IsActiveAgainWhenTheLastReasonIsGone) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kOverdue, Day("2009-06-09")).ok());
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kSecurity, Day("2009-06-09")).ok());
  EXPECT_EQ(DetailsOf(Suspend(suite, SuspensionReason::kSecurity, Day("2009-06-09"))).reason, "ALREADY_SUSPENDED");
  EXPECT_EQ(DetailsOf(Resume(suite, SuspensionReason::kOperator, Day("2009-06-10"))).reason, "NOT_SUSPENDED");
  ASSERT_TRUE(Resume(suite, SuspensionReason::kOverdue, Day("2009-06-10")).ok());
  EXPECT_EQ(suite.state, SubscriptionState::kSuspended);
  ASSERT_TRUE(Resume(suite, SuspensionReason::kSecurity, Day("2009-06-11")).ok());
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
}

TEST(CancellationTest, APeriodThatBeganBeforeASuspensionIsBilledToItsEnd) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-07-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-07-10"), 10, Usd(15'00)).ok());
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kOperator, Day("2009-07-31")).ok());
  EXPECT_EQ(NextBillDate(suite), Day("2009-08-01"));
  Subscription resumed = suite;
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-08-01")), ElementsAre(106'45)) << "150.00 × 22/31, while suspended";
  ASSERT_TRUE(Resume(suite, SuspensionReason::kOperator, Day("2009-08-05")).ok());
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-08-05")), ElementsAre(326'61, 130'65)) << "27 days of 31";
  // The same where no run came while it was suspended.
  ASSERT_TRUE(Resume(resumed, SuspensionReason::kOperator, Day("2009-08-05")).ok());
  EXPECT_THAT(NetsInCents(BillOn(resumed, "2009-08-05")), ElementsAre(326'61, 106'45, 130'65));
}

TEST(CancellationTest, ASuspensionInsideAPeriodLeavesItsLineAsItIs) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-07-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-07-10"), 10, Usd(15'00)).ok());
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kOperator, Day("2009-07-20")).ok());
  ASSERT_TRUE(Resume(suite, SuspensionReason::kOperator, Day("2009-07-25")).ok());
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-08-01")), ElementsAre(375'00, 106'45, 150'00));
}

TEST(CancellationTest, ServedDaysOfAddedSeatsComeOnALastLine) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-12"), 10, Usd(15'00)).ok());
  Subscription in_window = CancelNow(suite, Day("2009-06-18"), CancelPolicy::kNoCredit, "")->subscription;
  EXPECT_EQ(NextBillDate(in_window), std::nullopt) << "in their window they are free";
  for (const CancelPolicy policy : {CancelPolicy::kNoCredit, CancelPolicy::kProratedCredit}) {
    Subscription ended = CancelNow(suite, Day("2009-06-25"), policy, "")->subscription;
    EXPECT_EQ(NextBillDate(ended), Day("2009-06-25"));
    const std::vector<InvoiceLine> lines = BillOn(ended, "2009-06-25");
    EXPECT_THAT(NetsInCents(lines), ElementsAre(65'00)) << "150.00 × 13/30";
    EXPECT_EQ(lines[0].service, (Period{Day("2009-06-12"), Day("2009-06-25")}));
    EXPECT_THAT(FeesInCents(lines), ElementsAre(7'80));
    EXPECT_EQ(NextBillDate(ended), std::nullopt);
    EXPECT_THAT(BillOn(ended, "2009-08-01"), IsEmpty());
  }
}

TEST(CancellationTest, SuspendedDaysAreNotOnALastLine) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-07-01");
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kOverdue, Day("2009-07-31")).ok());
  const Subscription ended = CancelNow(suite, Day("2009-08-30"), CancelPolicy::kNoCredit, "")->subscription;
  EXPECT_EQ(NextBillDate(ended), std::nullopt);
}

TEST(CancellationTest, SeatsAddedJustBeforeARenewalAreCreditedFromTheirStart) {
  Subscription suite = Seats(25, Usd(15'00), "2008-06-01");
  BillOn(suite, "2009-05-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-05-29"), 10, Usd(15'00)).ok());
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-05-29")), ElementsAre(14'52)) << "150.00 × 3/31";
  ASSERT_TRUE(Renew(suite, 35, Usd(15'00)).ok());
  BillOn(suite, "2009-06-01");
  EXPECT_THAT(CancelTranche(suite, 2, Day("2009-06-03"))->credited,
              ElementsAre(CreditedDays{2, {Day("2009-05-29"), Day("2009-07-01")}}));
  EXPECT_THAT(CancelNow(suite, Day("2009-06-03"), CancelPolicy::kNoCredit, "")->credited,
              ElementsAre(CreditedDays{1, {Day("2009-06-01"), Day("2009-07-01")}},
                          CreditedDays{2, {Day("2009-05-29"), Day("2009-07-01")}}));
  EXPECT_THAT(CancelTranche(suite, 2, Day("2009-06-05"))->credited,
              ElementsAre(CreditedDays{2, {Day("2009-06-01"), Day("2009-07-01")}}))
      << "after their own window only the term's lines";
}

TEST(CancellationTest, SeatsCancelledInTheirWindowKeepTheirFirstYearWhenTheyComeBack) {
  Subscription suite = Seats(25, Usd(15'00), "2008-06-01");
  BillOn(suite, "2008-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2008-06-01"), 10, Usd(15'00)).ok());
  BillOn(suite, "2009-05-01");
  ASSERT_TRUE(Renew(suite, 35, Usd(15'00)).ok());
  BillOn(suite, "2009-06-01");
  suite = CancelTranche(suite, 2, Day("2009-06-02"))->subscription;
  EXPECT_EQ(Quantity(suite), 25);
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-03"), 12, Usd(15'00)).ok());
  ASSERT_EQ(suite.tranches.size(), 4u);
  EXPECT_EQ(suite.tranches[2].quantity, 10);
  EXPECT_EQ(suite.tranches[2].first_year_start, Day("2008-06-01"));
  EXPECT_EQ(suite.tranches[3].quantity, 2);
  EXPECT_EQ(suite.tranches[3].first_year_start, Day("2009-06-03"));
}

TEST(CancellationTest, SeatsRemovedAtTheRenewalComeBackWithThoseCancelledAfterIt) {
  Subscription suite = Seats(25, Usd(15'00), "2008-06-01");
  BillOn(suite, "2009-05-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-05-01"), 10, Usd(15'00)).ok());
  BillOn(suite, "2009-05-01");
  ASSERT_TRUE(Renew(suite, 31, Usd(15'00)).ok());
  BillOn(suite, "2009-06-01");
  suite = CancelTranche(suite, 2, Day("2009-06-02"))->subscription;
  EXPECT_EQ(suite.tranches[1].removed_quantity, 10) << "4 at the renewal, 6 in the window";
}

}  // namespace
}  // namespace countersign::billing
