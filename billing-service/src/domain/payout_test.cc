#include "billing-service/src/domain/payout.h"

#include <optional>
#include <string>
#include <vector>

#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/statement.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

const Period kSecondQuarter = {Day("2009-04-01"), Day("2009-07-01")};
const absl::Time kJuly = StartOf(Day("2009-07-08"));

Statement ClosedStatement(int64_t cents, const StatementTerms& terms, const std::optional<Statement>& previous = {}) {
  Statement statement = *OpenStatement(IdOf("A"), "USD", kSecondQuarter, previous, kJuly);
  std::vector<StatementLine> lines(1);
  lines[0].fee.amount = Usd(cents);
  statement = *AddLines(statement, lines);
  EXPECT_EQ(lines[0].number, 1);
  return *CloseWith(statement, terms, kJuly);
}

PayoutTerms Terms() {
  PayoutTerms terms;
  terms.currency = "USD";
  terms.minimum = Usd(50'00);
  terms.withholding_basis_points = 2800;
  return terms;
}

Payee PayeeIn(const std::string& currency) {
  Payee payee;
  payee.currency = currency;
  payee.masked_reference = "••••3000";
  return payee;
}

TEST(PayoutTest, TwentyEightPercentAreWithheldWithoutATaxForm) {
  const Statement statement = ClosedStatement(180'00, {Usd(50'00), true, false});
  const Payout payout = *NewPayout(statement, PayeeIn("USD"), Terms(), {}, kJuly);
  EXPECT_EQ(payout.withheld, Usd(50'40));
  EXPECT_EQ(SentAmount(payout), Usd(129'60));

  Payee with_form = PayeeIn("USD");
  with_form.tax_form = "W-8BEN-E";
  with_form.tax_form_date = Day("2009-07-09");
  EXPECT_EQ(NewPayout(statement, with_form, Terms(), {}, kJuly)->withheld, Usd(50'40)) << "its date is still to come";
  with_form.tax_form_date = Day("2009-07-08");
  EXPECT_EQ(NewPayout(statement, with_form, Terms(), {}, kJuly)->withheld, Usd(0));
}

TEST(PayoutTest, TheRateOfTheCountryAndFormGoesBeforeThatOfTheTerms) {
  const Statement statement = ClosedStatement(180'00, {Usd(50'00), true, false});
  Payee payee = PayeeIn("USD");
  payee.tax_form = "W-8BEN-E";
  payee.tax_form_date = Day("2009-07-01");
  WithholdingRate rate{.id = IdOf("rate"),
                       .region = "IN",
                       .tax_form = "W-8BEN-E",
                       .effective_date = Day("2009-07-08"),
                       .basis_points = 1500,
                       .create_time = kJuly};
  EXPECT_EQ(NewPayout(statement, payee, Terms(), {rate}, kJuly)->withheld, Usd(0)) << "its country is not known";
  payee.region = "IN";
  const Payout payout = *NewPayout(statement, payee, Terms(), {rate}, kJuly);
  EXPECT_EQ(payout.withheld, Usd(27'00));
  EXPECT_EQ(payout.withholding_rate, rate.id);
  EXPECT_EQ(payout.region, "IN");
  payee.tax_form_date = Day("2009-07-09");
  EXPECT_EQ(NewPayout(statement, payee, Terms(), {rate}, kJuly)->withheld, Usd(50'40)) << "its form does not count yet";
}

TEST(PayoutTest, ThePartnersTaxIsPaidBesideTheTotal) {
  const Statement statement = ClosedStatement(180'00, {Usd(50'00), true, false});
  const Payout untaxed = *NewPayout(statement, PayeeIn("USD"), Terms(), {}, kJuly);
  EXPECT_EQ(untaxed.tax, Usd(0));
  SelfBilling by;
  by.agreement.id = IdOf("agreement");
  by.agreement.region = "DE";
  by.agreement.tax_id = "DE123456789";
  by.rates.resize(1);
  by.rates[0].region = "DE";
  by.rates[0].effective_date = Day("2007-01-01");
  by.rates[0].rate_ppm = 190'000;
  const Payout payout = *WithSelfBilledTax(untaxed, by, statement);
  EXPECT_EQ(payout.tax, Usd(34'20));
  EXPECT_EQ(payout.withheld, Usd(50'40)) << "of the total alone";
  EXPECT_EQ(SentAmount(payout), Usd(163'80));
  EXPECT_EQ(payout.self_billing, by.agreement.id);
  EXPECT_EQ(payout.tax_id, "DE123456789");
}

TEST(PayoutTest, OnlyAClosedStatementThatIsPayableIsPaidToAPayeeInItsCurrency) {
  const Statement held = ClosedStatement(180'00, {Usd(50'00), false, false});
  EXPECT_EQ(held.disposition, StatementDisposition::kHeld);
  EXPECT_EQ(DetailsOf(NewPayout(held, PayeeIn("EUR"), Terms(), {}, kJuly).status()).reason, "PAYEE_MISSING");
  EXPECT_TRUE(NewPayout(held, PayeeIn("USD"), Terms(), {}, kJuly).ok());
  const Statement carried = ClosedStatement(45'00, {Usd(50'00), true, false});
  EXPECT_EQ(DetailsOf(NewPayout(carried, PayeeIn("USD"), Terms(), {}, kJuly).status()).reason, "STATEMENT_STATE");
}

TEST(PayoutTest, TakesTheEdgesOfItsStatesOnly) {
  Payout payout = *NewPayout(ClosedStatement(180'00, {Usd(50'00), true, false}), PayeeIn("USD"), Terms(), {}, kJuly);
  const auto move = [&](PayoutState to) {
    const auto moved = MovePayout(payout, to, "because", "", kJuly);
    if (moved.ok()) payout = *moved;
    return moved.ok();
  };
  EXPECT_FALSE(move(PayoutState::kSent));
  EXPECT_TRUE(move(PayoutState::kApproved));
  EXPECT_FALSE(move(PayoutState::kPaid));
  EXPECT_TRUE(move(PayoutState::kSent));
  EXPECT_TRUE(move(PayoutState::kReturned));
  EXPECT_TRUE(move(PayoutState::kApproved));
  EXPECT_TRUE(move(PayoutState::kSent));
  EXPECT_EQ(payout.attempt, 2);
  EXPECT_TRUE(move(PayoutState::kPaid));
  EXPECT_FALSE(move(PayoutState::kReturned));
}

TEST(StatementLifeTest, WhatIsCarriedBeginsTheNextAndNamesWhereItCameFrom) {
  const Statement first = ClosedStatement(45'00, {Usd(50'00), true, false});
  EXPECT_EQ(SentenceOf(first),
            "The total of 45.00 USD is below the minimum of 50.00 USD and carried into the next statement.");
  const Statement second = ClosedStatement(135'00, {Usd(50'00), true, false}, first);
  EXPECT_EQ(second.carried_in, Usd(45'00));
  EXPECT_EQ(TotalOf(second), Usd(180'00));
  EXPECT_EQ(second.first_number, 1);
  EXPECT_EQ(StatementNumber(second), "S-USD-2");
  const Statement third = ClosedStatement(135'00 - 225'00, {Usd(50'00), true, false}, second);
  EXPECT_EQ(third.first_number, 3);
  EXPECT_EQ(CarriedForward(third), Usd(-90'00));
}

TEST(StatementLifeTest, ANegativeFinalBalanceIsReceivableAndASmallOneIsPaid) {
  EXPECT_EQ(ClosedStatement(-90'00, {Usd(50'00), true, true}).disposition, StatementDisposition::kReceivable);
  EXPECT_EQ(ClosedStatement(1, {Usd(50'00), true, true}).disposition, StatementDisposition::kPayable);
}

TEST(StatementLifeTest, IsNotOpenedBeforeTheQuarterIsOverNorChangedOnceClosed) {
  EXPECT_EQ(
      DetailsOf(OpenStatement(IdOf("A"), "USD", kSecondQuarter, std::nullopt, StartOf(Day("2009-06-30"))).status())
          .reason,
      "QUARTER_NOT_OVER");
  const Statement closed = ClosedStatement(45'00, {Usd(50'00), true, false});
  std::vector<StatementLine> lines(1);
  EXPECT_EQ(DetailsOf(AddLines(closed, lines).status()).reason, "STATEMENT_STATE");
  EXPECT_EQ(DetailsOf(CloseWith(closed, {Usd(50'00), true, false}, kJuly).status()).reason, "STATEMENT_STATE");
}

TEST(CsvTest, QuotesByRfc4180AndDefusesFormulasButLeavesNumbersAlone) {
  CsvWriter csv;
  csv.Text("plain").Text("a,b").Text("say \"hi\"").Text("two\nlines").EndRow();
  csv.Text("=1+1").Text("@SUM(A1)").Text("-2").Text("").Amount(Usd(-10'08)).Number(-3).Day(Day("2009-06-01")).EndRow();
  EXPECT_EQ(csv.text(),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n'=1+1,'@SUM(A1),'-2,,-10.08,-3,2009-06-01\r\n");
}

TEST(CsvTest, ReadsWhatItWritesAndRefusesAStrayQuotationMark) {
  CsvWriter csv;
  csv.Text("plain").Text("a,b").Text("say \"hi\"").Text("two\nlines").Text("").EndRow().Number(-3).EndRow();
  EXPECT_EQ(ParseCsv(csv.text()),
            (std::vector<std::vector<std::string>>{{"plain", "a,b", "say \"hi\"", "two\nlines", ""}, {"-3"}}));
  EXPECT_EQ(ParseCsv("a,b\nc,"), (std::vector<std::vector<std::string>>{{"a", "b"}, {"c", ""}}));
  EXPECT_EQ(ParseCsv(""), std::vector<std::vector<std::string>>());
  for (const char* text : {"a\"b", "\"a", "\"a\"b", "\"a\"\"\r\n"}) EXPECT_EQ(ParseCsv(text), std::nullopt) << text;
}

}  // namespace
}  // namespace countersign::billing
