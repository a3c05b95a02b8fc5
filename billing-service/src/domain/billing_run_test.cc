#include "billing-service/src/domain/billing_run.h"

#include <vector>

#include "absl/status/status.h"
#include "billing-service/src/domain/account_billing.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(BillingRunTest, BillingTheSameDayAgainGivesNothing) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(BillOn(suite, "2009-06-01").size(), 1u);
  EXPECT_THAT(BillOn(suite, "2009-06-01"), IsEmpty());
  EXPECT_EQ(NextBillDate(suite), Day("2009-07-01"));
}

TEST(BillingRunTest, BillsNothingBeforeTheStart) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_THAT(BillOn(suite, "2009-05-31"), IsEmpty());
}

TEST(BillingRunTest, StopsAtTheEndOfTheTerm) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(BillOn(suite, "2012-01-01").size(), 12u);
  EXPECT_EQ(NextBillDate(suite), Day("2010-05-02")) << "the price of the next term is to be chosen";
}

TEST(BillingRunTest, StartsAPendingSubscriptionOnItsFirstDay) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-15");
  suite.state = SubscriptionState::kPending;
  EXPECT_EQ(NextBillDate(suite), Day("2009-06-15"));
  EXPECT_THAT(BillOn(suite, "2009-06-14"), IsEmpty());
  EXPECT_EQ(suite.state, SubscriptionState::kPending);
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-15")), ElementsAre(375'00));
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
}

TEST(BillingRunTest, BillsOnlyActiveAndPastDueSubscriptions) {
  for (const SubscriptionState state :
       {SubscriptionState::kActive, SubscriptionState::kPastDue, SubscriptionState::kSuspended,
        SubscriptionState::kCancelled, SubscriptionState::kExpired}) {
    Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
    suite.state = state;
    const bool billed = state == SubscriptionState::kActive || state == SubscriptionState::kPastDue;
    const bool ends = billed || state == SubscriptionState::kSuspended;
    EXPECT_EQ(NextBillDate(suite).has_value(), ends) << NameOf(state);
    EXPECT_EQ(BillOn(suite, "2009-06-01").size(), billed ? 1u : 0u) << NameOf(state);
  }
}

TEST(BillingRunTest, BillsAHundredLinesAtOnceAndTheRestWhenCalledAgain) {
  std::vector<Subscription> subscriptions(11, Seats(5, Usd(10'00), "2009-06-01"));
  const Bills first = *Bill(AccountIn("USD"), subscriptions, Day("2010-05-31"));
  EXPECT_EQ(first.invoices.size(), 5u);
  const Bills second = *Bill(first.account, first.subscriptions, Day("2010-05-31"));
  ASSERT_EQ(second.invoices.size(), 2u);
  EXPECT_EQ(second.invoices[0].lines.size() + second.invoices[1].lines.size(), 32u);
  EXPECT_EQ(second.invoices[1].sequence, 7);
  EXPECT_TRUE(Bill(second.account, second.subscriptions, Day("2010-05-31"))->invoices.empty());
}

TEST(BillingRunTest, GathersAllLinesOfTheDayOnOneInvoiceUpTo20) {
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

TEST(BillingRunTest, SplitsInvoicesByPurchaseOrderInTheOrderOfTheirFirstLines) {
  std::vector<Subscription> subscriptions(4, Seats(5, Usd(10'00), "2009-06-01"));
  subscriptions[0].purchase_order_number = "PO-2";
  subscriptions[1].purchase_order_number = "PO-1";
  subscriptions[2].purchase_order_number = "PO-2";
  BillingAccount account = AccountIn("USD");
  const Bills together = *Bill(account, subscriptions, Day("2009-06-01"));
  ASSERT_EQ(together.invoices.size(), 1u);
  EXPECT_EQ(together.invoices[0].purchase_order_number, "");
  account.purchase_orders.split_from = 1;
  const Bills bills = *Bill(account, subscriptions, Day("2009-06-01"));
  ASSERT_EQ(bills.invoices.size(), 3u);
  EXPECT_EQ(bills.invoices[0].purchase_order_number, "PO-2");
  EXPECT_EQ(bills.invoices[0].total, Usd(100'00));
  EXPECT_EQ(bills.invoices[1].purchase_order_number, "PO-1");
  EXPECT_EQ(bills.invoices[2].purchase_order_number, "");
  EXPECT_EQ(bills.invoices[2].sequence, 3) << "numbers have no gap";
}

TEST(BillingRunTest, SplitInvoicesHaveAtMost20LinesToo) {
  std::vector<Subscription> subscriptions(45, Seats(5, Usd(10'00), "2009-06-01"));
  for (size_t i = 0; i < subscriptions.size(); i += 2) subscriptions[i].purchase_order_number = "PO-1";
  BillingAccount account = AccountIn("USD");
  account.purchase_orders.split_from = 1;
  std::vector<size_t> lines;
  const Bills bills = *Bill(account, subscriptions, Day("2009-06-01"));
  for (const Invoice& invoice : bills.invoices) {
    lines.push_back(invoice.lines.size());
  }
  EXPECT_THAT(lines, ElementsAre(20u, 20u, 3u, 2u));
}

TEST(BillingRunTest, RefusesALineWithoutARequiredPurchaseOrder) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillingAccount account = AccountIn("USD");
  account.purchase_orders.required_from = 1;
  EXPECT_TRUE(LacksPurchaseOrder(account, suite));
  EXPECT_EQ(DetailsOf(Bill(account, {suite}, Day("2009-06-01")).status()).reason, "PO_REQUIRED");
  EXPECT_TRUE(Bill(account, {suite}, Day("2009-05-31")).ok()) << "nothing is due";
  suite.tranches[0].purchase_order_number = "PO-1";
  EXPECT_FALSE(LacksPurchaseOrder(account, suite));
  EXPECT_EQ(Bill(account, {suite}, Day("2009-06-01"))->invoices[0].purchase_order_number, "PO-1");
}

TEST(BillingRunTest, SeatsOfTheLastPeriodAreChargedAtOnce) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.auto_renew = false;
  BillOn(suite, "2010-05-01");
  ASSERT_TRUE(AddSeats(suite, Day("2010-05-11"), 10, Usd(15'00)).ok());
  EXPECT_EQ(NextBillDate(suite), Day("2010-05-11"));
  EXPECT_THAT(NetsInCents(BillOn(suite, "2010-05-11")), ElementsAre(101'61)) << "150.00 × 21/31";
}

TEST(BillingRunTest, AnnualBillingChargesAddedSeatsAtOnce) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.billing_months = 12;
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-01")), ElementsAre(4'500'00));
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-11"), 10, Usd(15'00)).ok());
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-06-11")), ElementsAre(1'750'68)) << "1,800.00 × 355/365";
}

TEST(BillingRunTest, RefusesAPriceInAnotherCurrencyThanTheAccounts) {
  EXPECT_EQ(Bill(AccountIn("EUR"), {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(BillingRunTest, OverflowIsAnErrorAndNotAWrap) {
  const Money huge = *Money::FromMicros(Money::kMaxMicros, "USD");
  EXPECT_EQ(Bill(AccountIn("USD"), {Seats(1'000'000, huge, "2009-06-01")}, Day("2009-06-01")).status().code(),
            absl::StatusCode::kOutOfRange);
}

// One seat at 0.003: nothing that a reminder could ask for.
TEST(BillingRunTest, AnInvoiceOfNothingIsPaidWhenItOpens) {
  const absl::Time now = StartOf(Day("2009-06-01"));
  const Subscription tiny = Seats(1, *Money::FromMicros(3'000, "USD"), "2009-06-01");
  AccountBilling billed = *BillAccount(AccountIn("USD"), {tiny}, Day("2009-06-01"), now);
  ASSERT_EQ(billed.invoices.size(), 1u);
  EXPECT_EQ(billed.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(billed.invoices[0].paid_time, now);
  billed = *BillAccount(AccountIn("USD"), {Seats(1, Usd(1), "2009-06-01")}, Day("2009-06-01"), now);
  EXPECT_EQ(billed.invoices[0].state, InvoiceState::kOpen);
  EXPECT_EQ(billed.invoices[0].paid_time, std::nullopt);
}

}  // namespace
}  // namespace countersign::billing
