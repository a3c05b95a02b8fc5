#include "billing-service/src/domain/cancellation_credit.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A subscription with its account's invoices, billed and paid as a test says, then cancelled.
class Cancelled {
 public:
  explicit Cancelled(Subscription subscription) : subscription(std::move(subscription)) { account_.credit = Usd(0); }

  void Bill(absl::string_view date) {
    Bills bills = *billing::Bill(account_, {subscription}, Day(date));
    account_ = bills.account;
    subscription = bills.subscriptions.front();
    for (Invoice& invoice : bills.invoices) {
      const std::vector<FeeEntry> frozen = FrozenFees(invoice);
      fees_.insert(fees_.end(), frozen.begin(), frozen.end());
      invoices.push_back(std::move(invoice));
    }
  }

  void Pay(size_t index, absl::string_view date) {
    const Money due = AmountDue(invoices[index]);
    AccountBook book(account_, invoices, fees_, {"PAID", IdOf(date), Day(date), StartOf(Day(date))});
    EXPECT_TRUE(book.Receive(due, {.parts = {{invoices[index].id, due, true}}, .credit = Usd(0)}).ok());
    Apply(*std::move(book).Close());
  }

  // A credit note of one line by days or, without them, by a gross amount.
  void CreditBefore(size_t index, const CreditOfLine& line, absl::string_view date) {
    const CreditTerms terms = {.method = CreditMethod::kLines, .amount = {}, .lines = {line}};
    Apply(IssueCreditNote({account_, invoices, fees_}, {invoices[index].id, terms, "before"}, StartOf(Day(date)))
              ->change);
  }

  CancellationCredit Credit(const Cancellation& cancellation, absl::string_view date) {
    CancellationCredit credit =
        *CreditCancellation(cancellation, {account_, invoices, fees_}, "moved on", StartOf(Day(date)));
    if (credit.change.has_value()) {
      EXPECT_TRUE(CheckBalanced(credit.change->posting).ok());
      Apply(*credit.change);
    }
    return credit;
  }

  int64_t credit() const { return account_.credit.micros() / 10'000; }

  Subscription subscription;
  std::vector<Invoice> invoices;

 private:
  void Apply(const AccountChange& change) {
    account_ = change.account;
    for (const Invoice& changed : change.invoices) {
      std::replace_if(
          invoices.begin(), invoices.end(), [&](const Invoice& other) { return other.id == changed.id; }, changed);
    }
    for (const FeeEntry& fee : change.fees) {
      std::erase_if(fees_, [&](const FeeEntry& other) { return other.id == fee.id; });
      fees_.push_back(fee);
    }
  }

  BillingAccount account_ = AccountIn("USD");
  std::vector<FeeEntry> fees_;
};

std::vector<int64_t> TotalsInCents(const CancellationCredit& credit) {
  std::vector<int64_t> totals;
  for (const CreditNote& note : credit.notes) totals.push_back(note.total.micros() / 10'000);
  return totals;
}

TEST(CancellationCreditTest, SeatsInTheirWindowComeBackWithTheirFee) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  ASSERT_TRUE(AddSeats(suite.subscription, Day("2009-06-29"), 10, Usd(15'00)).ok());
  suite.Bill("2009-07-01");
  suite.Pay(1, "2009-07-02");
  const CancellationCredit credit =
      suite.Credit(*CancelTranche(suite.subscription, 2, Day("2009-07-05")), "2009-07-05");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(160'00));
  EXPECT_EQ(credit.fee_reversed, Usd(-19'20));
  // The first month's invoice was still open: the credit pays of it what it can.
  EXPECT_EQ(AmountDue(suite.invoices[0]), Usd(215'00));
  EXPECT_EQ(suite.credit(), 0);
}

TEST(CancellationCreditTest, ProratedYearGivesBackTheDaysLeft) {
  Subscription annual = Seats(25, Usd(15'00), "2009-06-01");
  annual.billing_months = 12;
  Cancelled suite(annual);
  suite.Bill("2009-06-01");
  suite.Pay(0, "2009-06-20");
  const Cancellation cancellation =
      *CancelNow(suite.subscription, Day("2009-09-10"), CancelPolicy::kProratedCredit, "moved on");
  const CancellationCredit credit = suite.Credit(cancellation, "2009-09-10");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(3'254'79));
  EXPECT_EQ(credit.fee_reversed, Usd(-390'57));
  EXPECT_EQ(suite.credit(), 3'254'79);
}

TEST(CancellationCreditTest, AnUnpaidYearIsReducedByItsUnusedDaysAndNoFeeIsReversed) {
  Subscription annual = Seats(10, Usd(10'00), "2009-06-01");
  annual.billing_months = 12;
  Cancelled suite(annual);
  suite.Bill("2009-06-01");
  const CancellationCredit credit = suite.Credit(
      *CancelNow(suite.subscription, Day("2009-09-10"), CancelPolicy::kProratedCredit, "moved on"), "2009-09-10");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(867'95)) << "1,200.00 × 264/365";
  EXPECT_EQ(credit.fee_reversed, Usd(0)) << "nothing was paid";
  EXPECT_EQ(AmountDue(suite.invoices[0]), Usd(332'05));
}

TEST(CancellationCreditTest, WithoutCreditNothingIsWritten) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  const CancellationCredit credit = suite.Credit(
      *CancelNow(suite.subscription, Day("2009-06-08"), CancelPolicy::kNoCredit, "moved on"), "2009-06-08");
  EXPECT_THAT(credit.notes, IsEmpty());
  EXPECT_FALSE(credit.change.has_value());
  EXPECT_EQ(credit.credited, Usd(0));
}

TEST(CancellationCreditTest, TheTimeOfThePressDecidesAlsoWhenBillingWasDown) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  suite.Pay(0, "2009-06-02");
  suite.Bill("2009-07-01");
  const Date day = *DayOfPress(suite.subscription, StartOf(Day("2009-06-07")), StartOf(Day("2009-07-03")));
  const CancellationCredit credit =
      suite.Credit(*CancelNow(suite.subscription, day, CancelPolicy::kWindowOnly, "moved on"), "2009-07-03");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(375'00, 375'00));
  EXPECT_EQ(credit.fee_reversed, Usd(-45'00));
  EXPECT_EQ(suite.invoices[1].state, InvoiceState::kPaid) << "closed by its credit note";
  EXPECT_EQ(suite.credit(), 375'00);
}

TEST(CancellationCreditTest, APeriodThatBeginsAfterThePressIsCreditedWhateverThePolicy) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  suite.Bill("2009-07-01");
  const CancellationCredit credit = suite.Credit(
      *CancelNow(suite.subscription, Day("2009-06-30"), CancelPolicy::kNoCredit, "moved on"), "2009-07-03");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(375'00));
  EXPECT_EQ(credit.notes[0].invoice, suite.invoices[1].id);
}

TEST(CancellationCreditTest, WhatWasCreditedBeforeIsNotCreditedAgain) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  suite.CreditBefore(0, {1, std::nullopt, Period{Day("2009-06-20"), Day("2009-06-25")}}, "2009-06-12");
  const CancellationCredit credit = suite.Credit(
      *CancelNow(suite.subscription, Day("2009-06-16"), CancelPolicy::kProratedCredit, "moved on"), "2009-06-16");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(50'00, 75'00)) << "4 and 6 of 30 days, the 5 between were credited";
  EXPECT_EQ(AmountDue(suite.invoices[0]), Usd(187'50)) << "15 days served";
}

TEST(CancellationCreditTest, InTheWindowTheRestOfALineGoesToTheCent) {
  Cancelled suite(Seats(7, Usd(7'25), "2009-06-01"));
  suite.Bill("2009-06-01");
  suite.CreditBefore(0, {1, std::nullopt, Period{Day("2009-06-02"), Day("2009-06-05")}}, "2009-06-05");
  suite.CreditBefore(0, {1, Usd(1), std::nullopt}, "2009-06-05");
  const CancellationCredit credit = suite.Credit(
      *CancelNow(suite.subscription, Day("2009-06-06"), CancelPolicy::kNoCredit, "moved on"), "2009-06-06");
  EXPECT_THAT(TotalsInCents(credit), ElementsAre(50'75 - 5'08 - 1));
  EXPECT_TRUE(AmountDue(suite.invoices[0]).is_zero());
}

TEST(CancellationCreditTest, AVoidInvoiceHasNothingToCredit) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  suite.invoices[0].state = InvoiceState::kVoid;
  EXPECT_THAT(
      suite.Credit(*CancelNow(suite.subscription, Day("2009-06-06"), CancelPolicy::kNoCredit, "moved on"), "2009-06-06")
          .notes,
      IsEmpty());
}

TEST(CancellationCreditTest, OtherSubscriptionsOfTheAccountKeepTheirLines) {
  Cancelled suite(Seats(25, Usd(15'00), "2009-06-01"));
  suite.Bill("2009-06-01");
  suite.invoices[0].lines[0].subscription = IdOf("another");
  EXPECT_THAT(CreditOrdersOf(*CancelNow(suite.subscription, Day("2009-06-06"), CancelPolicy::kNoCredit, ""),
                             suite.invoices, "why"),
              IsEmpty());
}

}  // namespace
}  // namespace countersign::billing
