#include "billing-service/src/domain/invoice.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/test_terms.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(InvoiceTest, TakesTheContractsEdgesAndNoOther) {
  using State = InvoiceState;
  const State states[] = {State::kOpen, State::kPaid, State::kVoid, State::kUncollectible};
  const std::set<std::pair<State, State>> edges = {
      {State::kOpen, State::kPaid},          {State::kOpen, State::kVoid},
      {State::kOpen, State::kUncollectible}, {State::kUncollectible, State::kPaid},
      {State::kUncollectible, State::kVoid}, {State::kPaid, State::kOpen}};
  for (const State from : states) {
    for (const State to : states) {
      EXPECT_EQ(CheckTransition(from, to).ok(), edges.count({from, to}) == 1) << NameOf(from) << " to " << NameOf(to);
    }
  }
}

TEST(InvoiceTest, FirstInvoiceOfTwentyFiveSeatsIsDueIn30Days) {
  const Bills bills = *Bill(AccountIn("USD"), {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01"));
  ASSERT_EQ(bills.invoices.size(), 1u);
  const Invoice& invoice = bills.invoices[0];
  EXPECT_EQ(invoice.state, InvoiceState::kOpen);
  EXPECT_EQ(invoice.total, Usd(375'00));
  EXPECT_EQ(invoice.number, absl::StrCat(bills.account.number, "-1"));
  EXPECT_EQ(invoice.issue_date, Day("2009-06-01"));
  EXPECT_EQ(invoice.due_date, Day("2009-07-01"));
  ASSERT_EQ(invoice.lines.size(), 1u);
  EXPECT_EQ(invoice.lines[0].description, "BPOS Standard Suite, 25 seats, 2009-06-01 to 2009-06-30");
  EXPECT_THAT(invoice.lines[0].fee_segments, ElementsAre(FeeSegment{IdOf("A"), 1, 1200, 30}));
}

TEST(InvoiceTest, BillingTheSameDayAgainGivesNothing) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(BillOn(suite, "2009-06-01").size(), 1u);
  EXPECT_THAT(BillOn(suite, "2009-06-01"), IsEmpty());
  EXPECT_EQ(NextBillDate(suite), Day("2009-07-01"));
}

TEST(InvoiceTest, BillsNothingBeforeTheStart) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_THAT(BillOn(suite, "2009-05-31"), IsEmpty());
}

TEST(InvoiceTest, StopsAtTheEndOfTheTerm) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(BillOn(suite, "2012-01-01").size(), 12u);
  EXPECT_EQ(NextBillDate(suite), std::nullopt);
}

TEST(InvoiceTest, StartsAPendingSubscriptionOnItsFirstDay) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-15");
  suite.state = SubscriptionState::kPending;
  EXPECT_EQ(NextBillDate(suite), Day("2009-06-15"));
  EXPECT_THAT(BillOn(suite, "2009-06-14"), IsEmpty());
  EXPECT_EQ(suite.state, SubscriptionState::kPending);
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-15")), ElementsAre(375'00));
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
}

TEST(InvoiceTest, BillsOnlyActiveAndPastDueSubscriptions) {
  for (const SubscriptionState state :
       {SubscriptionState::kActive, SubscriptionState::kPastDue, SubscriptionState::kSuspended,
        SubscriptionState::kCancelled, SubscriptionState::kExpired}) {
    Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
    suite.state = state;
    const bool billed = state == SubscriptionState::kActive || state == SubscriptionState::kPastDue;
    EXPECT_EQ(NextBillDate(suite).has_value(), billed) << NameOf(state);
    EXPECT_EQ(BillOn(suite, "2009-06-01").size(), billed ? 1u : 0u) << NameOf(state);
  }
}

TEST(InvoiceTest, GathersAllLinesOfTheDayOnOneInvoiceUpTo20) {
  for (const int count : {1, 20, 21, 41}) {
    std::vector<Subscription> subscriptions(count, Seats(5, Usd(10'00), "2009-06-01"));
    const Bills bills = *Bill(AccountIn("USD"), subscriptions, Day("2009-06-01"));
    ASSERT_EQ(bills.invoices.size(), static_cast<size_t>((count + 19) / 20));
    EXPECT_EQ(bills.account.next_invoice_sequence, 1 + (count + 19) / 20);
    int lines = 0;
    for (size_t i = 0; i < bills.invoices.size(); ++i) {
      EXPECT_EQ(bills.invoices[i].sequence, static_cast<int64_t>(i + 1)) << "numbers have no gap";
      EXPECT_EQ(bills.invoices[i].total, Usd(50'00 * static_cast<int64_t>(bills.invoices[i].lines.size())));
      lines += static_cast<int>(bills.invoices[i].lines.size());
    }
    EXPECT_EQ(lines, count);
  }
}

TEST(InvoiceTest, SeatsOfTheLastPeriodAreChargedAtOnce) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-05-01");
  ASSERT_TRUE(AddSeats(suite, Day("2010-05-11"), 10, Usd(15'00)).ok());
  EXPECT_EQ(NextBillDate(suite), Day("2010-05-11"));
  EXPECT_THAT(NetsInCents(BillOn(suite, "2010-05-11")), ElementsAre(101'61)) << "150.00 × 21/31";
}

TEST(InvoiceTest, AnnualBillingChargesAddedSeatsAtOnce) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.billing_months = 12;
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-01")), ElementsAre(4'500'00));
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-11"), 10, Usd(15'00)).ok());
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-11")), ElementsAre(1'750'68)) << "1,800.00 × 355/365";
}

TEST(InvoiceTest, RefusesAPriceInAnotherCurrencyThanTheAccounts) {
  EXPECT_EQ(Bill(AccountIn("EUR"), {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(InvoiceTest, OverflowIsAnErrorAndNotAWrap) {
  const Money huge = *Money::FromMicros(Money::kMaxMicros, "USD");
  EXPECT_EQ(Bill(AccountIn("USD"), {Seats(1'000'000, huge, "2009-06-01")}, Day("2009-06-01")).status().code(),
            absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace countersign::billing
