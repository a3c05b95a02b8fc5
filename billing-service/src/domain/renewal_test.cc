#include "billing-service/src/domain/renewal.h"

#include <vector>

#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
const PriceOrigin kOrigin = {.price = "offers/bpos-suite/prices/usd-2"};

// The first term is invoiced to its end.
Subscription AtTermEnd() {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-05-02");
  return suite;
}

TEST(RenewalTest, PriceIsChosen30DaysBeforeTheTermEnds) {
  Subscription suite = AtTermEnd();
  EXPECT_FALSE(NeedsRenewalPrice(suite, Day("2010-05-01")));
  EXPECT_TRUE(NeedsRenewalPrice(suite, Day("2010-05-02")));
  EXPECT_EQ(NextBillDate(suite), Day("2010-05-02"));
  EXPECT_TRUE(ChooseRenewalPrice(suite, Usd(10'00), kOrigin));
  EXPECT_FALSE(NeedsRenewalPrice(suite, Day("2010-05-31")));
  EXPECT_EQ(NextBillDate(suite), Day("2010-06-01"));
}

TEST(RenewalTest, LowerPricePublishedLaterWinsAndAHigherOneNever) {
  Subscription suite = AtTermEnd();
  ChooseRenewalPrice(suite, Usd(10'00), kOrigin);
  EXPECT_TRUE(NeedsRenewalPrice(suite, Day("2010-06-01")));
  EXPECT_FALSE(ChooseRenewalPrice(suite, Usd(12'00), {}));
  EXPECT_EQ(suite.renewal.unit_price, Usd(10'00));
  EXPECT_TRUE(ChooseRenewalPrice(suite, Usd(9'00), {}));
  EXPECT_EQ(suite.renewal.unit_price, Usd(9'00));
}

TEST(RenewalTest, TheTierOfTheChosenVersionFollowsTheQuantity) {
  const PriceOrigin large = {.price = "offers/a/prices/1", .tier_min_quantity = 250};
  const PriceOrigin small = {.price = "offers/a/prices/1", .tier_min_quantity = 5};
  Subscription suite = Seats(240, Usd(10'00), "2009-06-01");
  BillOn(suite, "2010-05-01");
  ASSERT_TRUE(AddSeats(suite, Day("2010-05-29"), 20, Usd(9'50)).ok());
  BillOn(suite, "2010-05-29");
  EXPECT_TRUE(ChooseRenewalPrice(suite, Usd(9'50), large));
  // Cancelled in their window: the price is chosen again at once, and announced.
  Subscription fewer = CancelTranche(suite, 2, Day("2010-05-30"))->subscription;
  EXPECT_TRUE(NeedsRenewalPrice(fewer, Day("2010-05-30")));
  EXPECT_TRUE(ChooseRenewalPrice(fewer, Usd(10'00), small));
  EXPECT_EQ(fewer.renewal.unit_price, Usd(10'00));
  // On the renewal day the same version has the tier of the quantity then; a higher version never wins.
  EXPECT_TRUE(ChooseRenewalPrice(suite, Usd(10'00), small));
  EXPECT_EQ(suite.renewal.unit_price, Usd(10'00));
  EXPECT_FALSE(ChooseRenewalPrice(suite, Usd(11'00), {.price = "offers/a/prices/2"}));
}

TEST(RenewalTest, RenewsByItselfAtTheChosenPriceAndBillsTheNewTerm) {
  Subscription suite = AtTermEnd();
  ChooseRenewalPrice(suite, Usd(10'00), kOrigin);
  const std::vector<InvoiceLine> lines = BillOn(suite, "2010-06-01");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(250'00));
  EXPECT_THAT(FeesInCents(lines), ElementsAre(15'00)) << "a renewal restarts no first year";
  EXPECT_EQ(CurrentTerm(suite), (Period{Day("2010-06-01"), Day("2011-06-01")}));
  EXPECT_EQ(suite.tranches[0].origin.price, kOrigin.price);
  EXPECT_EQ(suite.renewal.source, RenewalSource::kNone);
}

TEST(RenewalTest, ConfirmedOrderWinsOverAutoRenewal) {
  Subscription suite = AtTermEnd();
  ASSERT_TRUE(SetAutoRenew(suite, false, Day("2010-05-02")).ok());
  ASSERT_TRUE(PlanRenewal(suite, 30, true, Usd(9'50), kOrigin).ok());
  EXPECT_TRUE(suite.auto_renew);
  EXPECT_FALSE(NeedsRenewalPrice(suite, Day("2010-06-01")));
  EXPECT_FALSE(ChooseRenewalPrice(suite, Usd(1'00), {}));
  EXPECT_THAT(NetsInCents(BillOn(suite, "2010-06-01")), ElementsAre(237'50, 47'50));
}

// Ten seats of 2009-09-01, cancelled in their window, come back at the renewal with their first year: 12 % until
// 2010-09-01, and 6 % from then on.
TEST(RenewalTest, SeatsThatComeBackAtARenewalKeepTheirFirstYear) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-09-01"), 10, Usd(15'00), {}).ok());
  suite = CancelTranche(suite, 2, Day("2009-09-05"))->subscription;
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(PlanRenewal(suite, 37, true, Usd(10'00), kOrigin).ok());
  EXPECT_THAT(FeesInCents(BillOn(suite, "2010-06-01")), ElementsAre(15'00, 12'00, 2'40));
  ASSERT_EQ(suite.tranches.size(), 4u);
  EXPECT_EQ(suite.tranches[2].quantity, 10);
  EXPECT_EQ(suite.tranches[2].first_year_start, Day("2009-09-01"));
  EXPECT_EQ(suite.tranches[3].first_year_start, Day("2010-06-01"));
  BillOn(suite, "2010-08-31");
  EXPECT_THAT(FeesInCents(BillOn(suite, "2010-09-01")), ElementsAre(15'00, 6'00, 2'40));
}

TEST(RenewalTest, ExpiresAtTermEndWithoutAutoRenewal) {
  Subscription suite = AtTermEnd();
  ASSERT_TRUE(CancelAtTermEnd(suite, Day("2010-05-31"), "enough").ok());
  EXPECT_EQ(NextBillDate(suite), Day("2010-06-01"));
  EXPECT_THAT(BillOn(suite, "2010-05-31"), IsEmpty());
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
  EXPECT_THAT(BillOn(suite, "2010-06-01"), IsEmpty());
  EXPECT_EQ(suite.state, SubscriptionState::kExpired);
  EXPECT_EQ(suite.end, Day("2010-06-01"));
  EXPECT_EQ(NextBillDate(suite), std::nullopt);
  EXPECT_EQ(DetailsOf(SetAutoRenew(suite, true, Day("2010-06-01"))).reason, "SUBSCRIPTION_STATE");
}

TEST(RenewalTest, CanBeSwitchedOffUntilTheLastDay) {
  Subscription suite = AtTermEnd();
  EXPECT_TRUE(SetAutoRenew(suite, false, Day("2010-05-31")).ok());
  EXPECT_EQ(DetailsOf(SetAutoRenew(suite, true, Day("2010-06-01"))).reason, "TERM_ENDED");
}

TEST(RenewalTest, WithoutAPriceItWaitsUntilSomebodyDecides) {
  Subscription suite = AtTermEnd();
  ParkRenewal(suite);
  EXPECT_THAT(BillOn(suite, "2010-06-01"), IsEmpty());
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
  EXPECT_EQ(NextBillDate(suite), std::nullopt);
  ASSERT_TRUE(SetAutoRenew(suite, true, Day("2010-06-03")).ok());
  EXPECT_TRUE(NeedsRenewalPrice(suite, Day("2010-06-03")));
  ChooseRenewalPrice(suite, Usd(10'00), kOrigin);
  EXPECT_THAT(NetsInCents(BillOn(suite, "2010-06-03")), ElementsAre(250'00));
}

// A price cannot be published for a day that has passed.
TEST(RenewalTest, AfterItsDayTheRenewalTakesThePriceOfToday) {
  const Subscription suite = AtTermEnd();
  EXPECT_EQ(PriceDateOfRenewal(suite, Day("2010-05-02")), Day("2010-06-01"));
  EXPECT_EQ(PriceDateOfRenewal(suite, Day("2010-06-01")), Day("2010-06-01"));
  EXPECT_EQ(PriceDateOfRenewal(suite, Day("2010-06-20")), Day("2010-06-20"));
}

TEST(RenewalTest, SuspendedAtTermEndItExpires) {
  Subscription suite = AtTermEnd();
  ChooseRenewalPrice(suite, Usd(10'00), kOrigin);
  ASSERT_TRUE(Suspend(suite, SuspensionReason::kOverdue, Day("2010-05-20")).ok());
  EXPECT_THAT(BillOn(suite, "2010-06-01"), IsEmpty());
  EXPECT_EQ(suite.state, SubscriptionState::kExpired);
}

// However the days on which the run happens fall, every day of the term is invoiced exactly once, in order.
RC_GTEST_PROP(BillingProperty, EveryDayIsInvoicedOnceWheneverTheRunHappens, ()) {
  const Date start = Day("2009-01-01") + *rc::gen::inRange(0, 1'500);
  SubscriptionTerms terms = {"offers/a", "A", 5, Usd(10'00), *rc::gen::element(1, 12), 12};
  Subscription suite = *NewSubscription(IdOf("s"), terms, start, IdOf("A"));
  const Date end = CurrentTerm(suite).end;
  Date covered = start;
  Date today = start;
  while (today < end) {
    today += *rc::gen::inRange(1, 70);
    Bills bills = *Bill(AccountIn("USD"), {suite}, std::min(today, end - 1));
    suite = bills.subscriptions.front();
    for (const Invoice& invoice : bills.invoices) {
      for (const InvoiceLine& line : invoice.lines) {
        RC_ASSERT(line.service.start == covered);
        RC_ASSERT(line.service.end > line.service.start);
        RC_ASSERT(line.service == line.billing_period);
        RC_ASSERT(line.net == Usd(50'00 * terms.billing_months));
        covered = line.service.end;
      }
    }
  }
  RC_ASSERT(covered == end);
}

// The day of the month never drifts: each period starts on the anchor's day, or on the last of a shorter month.
RC_GTEST_PROP(BillingProperty, PeriodsKeepTheAnchorsDay, ()) {
  const Date anchor = Day("2008-01-01") + *rc::gen::inRange(0, 3'000);
  const int64_t k = *rc::gen::inRange(0, 240);
  const Period period = PeriodAt(anchor, 1, k);
  RC_ASSERT(period.end == PeriodAt(anchor, 1, k + 1).start);
  RC_ASSERT(period.days() >= 28);
  RC_ASSERT(period.days() <= 31);
  RC_ASSERT(period.start.day() == anchor.day() || (period.start + 1).day() == 1);
  const Date inside = period.start + *rc::gen::inRange<int64_t>(0, period.days());
  RC_ASSERT(PeriodContaining(anchor, 1, inside) == period);
}

}  // namespace
}  // namespace countersign::billing
