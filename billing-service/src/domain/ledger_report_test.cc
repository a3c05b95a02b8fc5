#include "billing-service/src/domain/ledger_report.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

TEST(LedgerReportTest, DebitsAndCreditsAreTheSame) {
  const TrialBalance trial = *MakeTrialBalance("USD", {{"accounts_receivable", Usd(446'25), Usd(375'00)},
                                                       {"bank_clearing", Usd(375'00), Usd(0)},
                                                       {"revenue", Usd(0), Usd(375'00)},
                                                       {"tax_payable/DE", Usd(0), Usd(71'25)}});
  EXPECT_EQ(trial.debit, Usd(821'25));
  EXPECT_EQ(trial.credit, Usd(821'25));
  EXPECT_EQ(trial.accounts[0].balance, Usd(71'25));
  EXPECT_EQ(trial.accounts[3].balance, Usd(-71'25));
}

TEST(LedgerReportTest, BooksThatDoNotBalanceAreADefect) {
  EXPECT_EQ(MakeTrialBalance("USD", {{"revenue", Usd(0), Usd(1)}}).status().code(), absl::StatusCode::kInternal);
}

TEST(LedgerReportTest, AnAgeBeginsTheDayAfterTheDueDate) {
  const Date due = Day("2009-07-01");
  EXPECT_EQ(AgeOn(due - 1, due), Age::kNotOverdue);
  EXPECT_EQ(AgeOn(due, due), Age::kNotOverdue);
  EXPECT_EQ(AgeOn(due + 1, due), Age::kDays1To30);
  EXPECT_EQ(AgeOn(due + 30, due), Age::kDays1To30);
  EXPECT_EQ(AgeOn(due + 31, due), Age::kDays31To60);
  EXPECT_EQ(AgeOn(due + 60, due), Age::kDays31To60);
  EXPECT_EQ(AgeOn(due + 61, due), Age::kDays61To90);
  EXPECT_EQ(AgeOn(due + 90, due), Age::kDays61To90);
  EXPECT_EQ(AgeOn(due + 91, due), Age::kOver90Days);
  EXPECT_EQ(AgeOn(due + 4000, due), Age::kOver90Days);
}

TEST(LedgerReportTest, WhatIsOwedIsGatheredByAccountAndAge) {
  const Date today = Day("2009-10-01");
  const Uuid a = IdOf("account A");
  const Uuid b = IdOf("account B");
  const AgedReceivables aged = *AgeReceivables("USD",
                                               {{a, "A-1", InvoiceState::kOpen, today, 1, Usd(375'00)},
                                                {a, "A-1", InvoiceState::kOpen, today - 5, 2, Usd(100'00)},
                                                {a, "A-1", InvoiceState::kOpen, today - 6, 1, Usd(50'00)},
                                                {b, "B-1", InvoiceState::kOpen, today - 100, 1, Usd(1'00)},
                                                {b, "B-1", InvoiceState::kUncollectible, today - 100, 1, Usd(7'00)}},
                                               today);
  EXPECT_EQ(aged.sum.brackets[0].owed.amount, Usd(375'00));
  EXPECT_EQ(aged.sum.brackets[1].age, Age::kDays1To30);
  EXPECT_EQ(aged.sum.brackets[1].owed.amount, Usd(150'00));
  EXPECT_EQ(aged.sum.brackets[1].owed.count, 3);
  EXPECT_EQ(aged.sum.brackets[2].owed.amount, Usd(0));
  EXPECT_EQ(aged.sum.brackets[4].owed.amount, Usd(1'00));
  EXPECT_EQ(aged.sum.uncollectible.amount, Usd(7'00));
  EXPECT_EQ(aged.sum.total, Usd(533'00));
  ASSERT_EQ(aged.accounts.size(), 2U);
  EXPECT_EQ(aged.accounts[0].total, Usd(525'00));
  EXPECT_EQ(aged.accounts[1].account, b);
  EXPECT_EQ(aged.accounts[1].total, Usd(8'00));
  EXPECT_EQ(AgedReceivablesCsv(aged, true),
            absl::StrCat("account_number,billing_account,not_overdue,days_1_to_30,days_31_to_60,days_61_to_90,"
                         "over_90_days,uncollectible,total,currency\r\n",
                         "A-1,", a.ToString(), ",375.00,150.00,0.00,0.00,0.00,0.00,525.00,USD\r\n", "B-1,",
                         b.ToString(), ",0.00,0.00,0.00,0.00,1.00,7.00,8.00,USD\r\n"));
  EXPECT_EQ(AgedReceivablesCsv(*AgeReceivables("USD", {}, today), false), "");
}

TEST(LedgerReportTest, ATrialBalanceIsWrittenAsCsvWithCreditBalancesBelowZero) {
  EXPECT_EQ(TrialBalanceCsv(*MakeTrialBalance(
                "USD", {{"accounts_receivable", Usd(375'00), Usd(0)}, {"revenue", Usd(0), Usd(375'00)}})),
            "account,debit,credit,balance,currency\r\naccounts_receivable,375.00,0.00,375.00,USD\r\n"
            "revenue,0.00,375.00,-375.00,USD\r\n");
}

TEST(LedgerReportTest, EveryMonthHasItsRevenueAndItsFees) {
  const std::vector<PostedMonth> posted = {
      {Day("2009-06-01"), "accounts_receivable", Usd(446'25), Usd(0)},
      {Day("2009-06-01"), "fee_expense", Usd(45'00), Usd(10'00)},
      {Day("2009-06-01"), "revenue", Usd(100'00), Usd(375'00)},
      {Day("2009-06-01"), "tax_payable/DE", Usd(19'00), Usd(71'25)},
      {Day("2009-06-01"), "tax_payable/FR", Usd(0), Usd(1'00)},
      {Day("2009-08-01"), "fee_adjustment", Usd(0), Usd(5'00)},
      {Day("2009-08-01"), "fee_forgone", Usd(1'00), Usd(3'00)},
      {Day("2009-08-01"), "fee_withholding", Usd(0), Usd(50'40)},
      {Day("2009-08-01"), "payout_clearing", Usd(129'60), Usd(259'20)},
  };
  const auto revenue = *RevenueByMonth("USD", Day("2009-06-30"), Day("2009-08-01"), posted);
  EXPECT_EQ(RevenueCsv(revenue),
            "month,invoiced,credited,net,tax,currency\r\n2009-06-01,375.00,100.00,275.00,53.25,USD\r\n"
            "2009-07-01,0.00,0.00,0.00,0.00,USD\r\n2009-08-01,0.00,0.00,0.00,0.00,USD\r\n");
  const auto fees = *FeesByMonth("USD", Day("2009-06-30"), Day("2009-08-01"), posted);
  EXPECT_EQ(FeesCsv(fees),
            "month,accrued,reversed,adjusted,forgone,sent,withheld,currency\r\n"
            "2009-06-01,45.00,10.00,0.00,0.00,0.00,0.00,USD\r\n2009-07-01,0.00,0.00,0.00,0.00,0.00,0.00,USD\r\n"
            "2009-08-01,0.00,0.00,-5.00,2.00,129.60,50.40,USD\r\n");
}

}  // namespace
}  // namespace countersign::billing
