#include "billing-service/src/domain/subscription.h"

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

constexpr SubscriptionState kStates[] = {SubscriptionState::kPending,   SubscriptionState::kActive,
                                         SubscriptionState::kPastDue,   SubscriptionState::kSuspended,
                                         SubscriptionState::kCancelled, SubscriptionState::kExpired};

TEST(SubscriptionTest, TakesTheContractsEdgesAndNoOther) {
  const std::set<std::pair<SubscriptionState, SubscriptionState>> edges = {
      {SubscriptionState::kPending, SubscriptionState::kActive},
      {SubscriptionState::kActive, SubscriptionState::kPastDue},
      {SubscriptionState::kPastDue, SubscriptionState::kActive},
      {SubscriptionState::kPastDue, SubscriptionState::kSuspended},
      {SubscriptionState::kActive, SubscriptionState::kSuspended},
      {SubscriptionState::kSuspended, SubscriptionState::kActive},
      {SubscriptionState::kPending, SubscriptionState::kCancelled},
      {SubscriptionState::kActive, SubscriptionState::kCancelled},
      {SubscriptionState::kPastDue, SubscriptionState::kCancelled},
      {SubscriptionState::kSuspended, SubscriptionState::kCancelled},
      {SubscriptionState::kActive, SubscriptionState::kExpired},
      {SubscriptionState::kPastDue, SubscriptionState::kExpired},
      {SubscriptionState::kSuspended, SubscriptionState::kExpired},
  };
  for (const SubscriptionState from : kStates) {
    for (const SubscriptionState to : kStates) {
      EXPECT_EQ(CheckTransition(from, to).ok(), edges.count({from, to}) == 1) << NameOf(from) << " to " << NameOf(to);
    }
  }
}

TEST(SubscriptionTest, RefusedEdgeNamesTheState) {
  const absl::Status refused = CheckTransition(SubscriptionState::kCancelled, SubscriptionState::kActive);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DetailsOf(refused).reason, "SUBSCRIPTION_STATE");
  EXPECT_EQ(refused.message(), "The subscription is CANCELLED and cannot become ACTIVE.");
}

TEST(SubscriptionTest, StartsOnTheLaterOfRequestAndConfirmation) {
  const absl::Time late_evening = StartOf(Day("2009-06-02")) - absl::Microseconds(1);
  EXPECT_EQ(StartDate(std::nullopt, late_evening), Day("2009-06-01"));
  EXPECT_EQ(StartDate(Day("2009-05-01"), late_evening), Day("2009-06-01"));
  EXPECT_EQ(StartDate(Day("2009-07-01"), late_evening), Day("2009-07-01"));
}

TEST(SubscriptionTest, BeginsPendingWithOneTrancheAndItsPartner) {
  const Subscription subscription =
      *NewSubscription(IdOf("s"), {"offers/suite", "Suite", 25, Usd(15'00), 1, 12}, Day("2010-01-31"), IdOf("A"));
  EXPECT_EQ(subscription.state, SubscriptionState::kPending);
  EXPECT_EQ(CurrentTerm(subscription), (Period{Day("2010-01-31"), Day("2011-01-31")}));
  EXPECT_EQ(Quantity(subscription), 25);
  EXPECT_EQ(PartnerAt(subscription, Day("2010-01-31")), IdOf("A"));
  EXPECT_EQ(PartnerAt(subscription, Day("2010-01-30")), std::nullopt);
}

TEST(SubscriptionTest, RefusesTermsThatCannotBeBilled) {
  const SubscriptionTerms good = {"offers/suite", "Suite", 25, Usd(15'00), 1, 12};
  for (auto spoil : {+[](SubscriptionTerms& terms) { terms.quantity = 0; },
                     +[](SubscriptionTerms& terms) { terms.unit_price = Usd(0); },
                     +[](SubscriptionTerms& terms) { terms.billing_months = 0; },
                     +[](SubscriptionTerms& terms) { terms.billing_months = 5; },
                     +[](SubscriptionTerms& terms) { terms.term_months = -12; }}) {
    SubscriptionTerms terms = good;
    spoil(terms);
    EXPECT_EQ(NewSubscription(IdOf("s"), terms, Day("2010-01-31"), IdOf("A")).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(SubscriptionTest, AddsSeatsOnlyWhileRunningAndWithinTheTerm) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(AddSeats(suite, Day("2010-06-01"), 1, Usd(15'00)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AddSeats(suite, Day("2009-05-31"), 1, Usd(15'00)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AddSeats(suite, Day("2009-07-01"), 0, Usd(15'00)).code(), absl::StatusCode::kInvalidArgument);
  suite.state = SubscriptionState::kSuspended;
  EXPECT_EQ(DetailsOf(AddSeats(suite, Day("2009-07-01"), 1, Usd(15'00))).reason, "SUBSCRIPTION_STATE");
}

TEST(SubscriptionTest, RenewalWithFewerSeatsTakesTheNewestFirst) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-07-01"), 10, Usd(12'00)).ok());
  ASSERT_TRUE(AddSeats(suite, Day("2009-08-01"), 5, Usd(12'00)).ok());
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 28, Usd(10'00)).ok());
  ASSERT_EQ(suite.tranches.size(), 3u);
  EXPECT_EQ(suite.tranches[0].quantity, 25);
  EXPECT_EQ(suite.tranches[1].quantity, 3);
  EXPECT_EQ(suite.tranches[2].quantity, 0);
  EXPECT_EQ(Quantity(suite), 28);
  EXPECT_EQ(suite.tranches[1].start, Day("2009-07-01"));
  EXPECT_EQ(suite.tranches[1].unit_price, Usd(10'00));
  EXPECT_EQ(CurrentTerm(suite), (Period{Day("2010-06-01"), Day("2011-06-01")}));
}

// 25 seats of 2009-06-01, 10 of 07-01 and 5 of 08-01, renewed with 28: 7 and 5 left.
Subscription RenewedWith28() {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_TRUE(AddSeats(suite, Day("2009-07-01"), 10, Usd(12'00)).ok());
  EXPECT_TRUE(AddSeats(suite, Day("2009-08-01"), 5, Usd(12'00)).ok());
  BillOn(suite, "2010-05-31");
  EXPECT_TRUE(Renew(suite, 28, Usd(10'00)).ok());
  return suite;
}

TEST(SubscriptionTest, SeatsThatComeBackWithin12MonthsKeepTheirFirstYearOldestFirst) {
  Subscription suite = RenewedWith28();
  ASSERT_TRUE(AddSeats(suite, Day("2011-05-31"), 20, Usd(10'00)).ok());
  ASSERT_EQ(suite.tranches.size(), 6u);
  EXPECT_EQ(suite.tranches[3].quantity, 7);
  EXPECT_EQ(suite.tranches[3].first_year_start, Day("2009-07-01"));
  EXPECT_EQ(suite.tranches[3].start, Day("2011-05-31"));
  EXPECT_EQ(suite.tranches[4].quantity, 5);
  EXPECT_EQ(suite.tranches[4].first_year_start, Day("2009-08-01"));
  EXPECT_EQ(suite.tranches[5].quantity, 8);
  EXPECT_EQ(suite.tranches[5].first_year_start, Day("2011-05-31"));
  EXPECT_EQ(Quantity(suite), 48);
}

TEST(SubscriptionTest, SeatsComeBackOnceAndNotAfter12Months) {
  Subscription suite = RenewedWith28();
  ASSERT_TRUE(AddSeats(suite, Day("2010-07-01"), 7, Usd(10'00)).ok());
  ASSERT_TRUE(AddSeats(suite, Day("2010-07-02"), 6, Usd(10'00)).ok());
  ASSERT_EQ(suite.tranches.size(), 6u);
  EXPECT_EQ(suite.tranches[4].quantity, 5) << "those of 08-01";
  EXPECT_EQ(suite.tranches[5].first_year_start, Day("2010-07-02"));
  Subscription later = RenewedWith28();
  BillOn(later, "2011-05-31");
  ASSERT_TRUE(Renew(later, 28, Usd(10'00)).ok());
  ASSERT_TRUE(AddSeats(later, Day("2011-06-01"), 1, Usd(10'00)).ok());
  EXPECT_EQ(later.tranches.back().first_year_start, Day("2011-06-01"));
}

TEST(SubscriptionTest, RenewalWithMoreSeatsStartsATrancheForThem) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 30, Usd(10'00)).ok());
  ASSERT_EQ(suite.tranches.size(), 2u);
  EXPECT_EQ(suite.tranches[1].start, Day("2010-06-01"));
  EXPECT_EQ(suite.tranches[1].quantity, 5);
}

TEST(SubscriptionTest, RefusesRenewalWhileTheOldTermIsNotInvoiced) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-04-30");
  EXPECT_EQ(DetailsOf(Renew(suite, 25, Usd(10'00))).reason, "TERM_NOT_INVOICED");
  EXPECT_EQ(suite.tranches[0].unit_price, Usd(15'00));
}

TEST(SubscriptionTest, PartnersNeverOverlapAndAreNeverBackDated) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(DetailsOf(ChangePartner(suite, IdOf("B"), Day("2009-05-01")).status()).reason, "PARTNER_CHANGE_PENDING");
  EXPECT_EQ(*ChangePartner(suite, IdOf("B"), Day("2009-08-15")), Day("2009-09-01"));
  EXPECT_EQ(PartnerAt(suite, Day("2009-08-31")), IdOf("A"));
  EXPECT_EQ(PartnerAt(suite, Day("2009-09-01")), IdOf("B"));
  EXPECT_EQ(DetailsOf(ChangePartner(suite, IdOf("C"), Day("2009-08-31")).status()).reason, "PARTNER_CHANGE_PENDING");
  EXPECT_EQ(DetailsOf(ChangePartner(suite, IdOf("B"), Day("2009-09-01")).status()).reason, "ALREADY_PARTNER_OF_RECORD");
  EXPECT_EQ(*ChangePartner(suite, IdOf("C"), Day("2009-10-01")), Day("2009-11-01")) << "the day itself has begun";
  suite.state = SubscriptionState::kCancelled;
  EXPECT_EQ(DetailsOf(ChangePartner(suite, IdOf("A"), Day("2010-01-01")).status()).reason, "SUBSCRIPTION_STATE");
}

TEST(SubscriptionTest, CancellingIsFreeOnDaysOneToSeven) {
  const Period window = CancellationWindow(Day("2009-06-01"));
  EXPECT_TRUE(window.Contains(Day("2009-06-01")));
  EXPECT_TRUE(window.Contains(Day("2009-06-07")));
  EXPECT_FALSE(window.Contains(Day("2009-06-08")));
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-29"), 10, Usd(15'00)).ok());
  EXPECT_EQ(CancellableUntil(suite, suite.tranches[0]), Day("2009-06-07"));
  EXPECT_EQ(CancellableUntil(suite, suite.tranches[1]), Day("2009-07-05"));
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 35, Usd(10'00)).ok());
  EXPECT_EQ(CancellableUntil(suite, suite.tranches[1]), Day("2010-06-07"));
}

}  // namespace
}  // namespace countersign::billing
