#include "billing-service/src/domain/credit_note.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// An OPEN invoice of lines with these nets and taxes in cents, each for June 2009.
Invoice Taxed(const std::vector<std::pair<int64_t, int64_t>>& lines) {
  Invoice invoice;
  invoice.id = IdOf("invoice");
  invoice.issue_date = Day("2009-06-01");
  invoice.net = invoice.tax = invoice.paid = invoice.credited = Usd(0);
  for (const auto& [net, tax] : lines) {
    InvoiceLine line;
    line.number = static_cast<int64_t>(invoice.lines.size()) + 1;
    line.net = Usd(net);
    line.tax = Usd(tax);
    line.service = line.billing_period = {Day("2009-06-01"), Day("2009-07-01")};
    invoice.net = *invoice.net.Plus(line.net);
    invoice.tax = *invoice.tax.Plus(line.tax);
    invoice.lines.push_back(std::move(line));
  }
  invoice.total = *invoice.net.Plus(invoice.tax);
  return invoice;
}

CreditTerms Amount(int64_t cents) { return {CreditMethod::kAmount, Usd(cents), {}}; }
CreditTerms OfLine(CreditOfLine line) { return {CreditMethod::kLines, {}, {std::move(line)}}; }

// Net and tax in cents of each line that the next credit takes; the invoice then has it.
std::vector<std::pair<int64_t, int64_t>> Take(Invoice& invoice, const CreditTerms& terms) {
  const std::vector<CreditedLine> credits = *DecideCredits(invoice, terms);
  std::vector<std::pair<int64_t, int64_t>> cents;
  for (const CreditedLine& credit : credits) {
    cents.emplace_back(credit.net.micros() / 10'000, credit.tax.micros() / 10'000);
    invoice.credits.push_back(credit);
  }
  return cents;
}

std::string RefusalOf(const Invoice& invoice, const CreditTerms& terms) {
  return DetailsOf(DecideCredits(invoice, terms).status()).reason;
}

TEST(CreditNoteTest, NetComesFromTheLinesOwnNetAndTaxNotFromARate) {
  // 75.00 + 36.25 at 7.5 %: 38.96 of line 2 are 36.25 net, where 38.96 / 1.075 would be 36.24.
  Invoice invoice = Taxed({{75'00, 5'63}, {36'25, 2'71}});
  EXPECT_THAT(Take(invoice, OfLine({2, Usd(38'96), {}})), ElementsAre(Pair(36'25, 2'71)));
}

TEST(CreditNoteTest, OneHundredGrossOfALineWithTax) {
  Invoice invoice = Taxed({{375'00, 71'25}});
  EXPECT_THAT(Take(invoice, Amount(100'00)), ElementsAre(Pair(84'03, 15'97)));
}

TEST(CreditNoteTest, PartsOfALineAddUpToItsNetAndTax) {
  Invoice invoice = Taxed({{375'00, 71'25}});
  int64_t net = 0;
  int64_t tax = 0;
  for (int part = 0; part < 595; ++part) {
    const auto taken = Take(invoice, Amount(75));
    net += taken.front().first;
    tax += taken.front().second;
    ASSERT_GE(taken.front().second, 0) << part;
  }
  EXPECT_EQ(net, 375'00);
  EXPECT_EQ(tax, 71'25);
  EXPECT_EQ(RefusalOf(invoice, Amount(1)), "CREDIT_EXCEEDS_INVOICE");
}

TEST(CreditNoteTest, FourCreditNotesOnePerLineAreTheInvoice) {
  Invoice invoice = Taxed({{68'33, 13'67}, {68'33, 13'66}, {57'50, 11'50}, {85'00, 17'00}});
  EXPECT_EQ(invoice.total, Usd(334'99));
  EXPECT_THAT(Take(invoice, OfLine({1, {}, {}})), ElementsAre(Pair(68'33, 13'67)));
  EXPECT_THAT(Take(invoice, OfLine({2, {}, {}})), ElementsAre(Pair(68'33, 13'66)));
  EXPECT_THAT(Take(invoice, OfLine({3, {}, {}})), ElementsAre(Pair(57'50, 11'50)));
  EXPECT_THAT(Take(invoice, OfLine({4, {}, {}})), ElementsAre(Pair(85'00, 17'00)));
  EXPECT_EQ(RefusalOf(invoice, {CreditMethod::kWhole, {}, {}}), "NOTHING_TO_CREDIT");
}

TEST(CreditNoteTest, AnAmountIsSpreadOverTheLinesByWhatIsLeft) {
  Invoice invoice = Taxed({{68'33, 13'67}, {68'33, 13'66}, {57'50, 11'50}, {85'00, 17'00}});
  int64_t gross = 0;
  for (const auto& [net, tax] : Take(invoice, Amount(100'00))) gross += net + tax;
  EXPECT_EQ(gross, 100'00);
  for (const auto& [net, tax] : Take(invoice, Amount(234'99))) gross += net + tax;
  EXPECT_EQ(gross, 334'99);
}

TEST(CreditNoteTest, TaxAloneIsCreditedAndThenTheLineIsNet) {
  Invoice invoice = Taxed({{375'00, 71'25}});
  EXPECT_THAT(Take(invoice, {CreditMethod::kTax, {}, {}}), ElementsAre(Pair(0, 71'25)));
  EXPECT_THAT(Take(invoice, Amount(100'00)), ElementsAre(Pair(100'00, 0)));
  EXPECT_EQ(RefusalOf(invoice, {CreditMethod::kTax, {}, {}}), "NOTHING_TO_CREDIT");
}

TEST(CreditNoteTest, DaysAreCreditedOnce) {
  Invoice invoice = Taxed({{4'500'00, 0}});
  invoice.lines[0].service = {Day("2009-06-01"), Day("2010-06-01")};
  const Period rest = {Day("2009-09-10"), Day("2010-06-01")};
  EXPECT_THAT(Take(invoice, OfLine({1, {}, rest})), ElementsAre(Pair(3'254'79, 0)));
  EXPECT_EQ(RefusalOf(invoice, OfLine({1, {}, Period{Day("2010-05-31"), Day("2010-06-01")}})), "DAYS_ALREADY_CREDITED");
  EXPECT_THAT(Take(invoice, OfLine({1, {}, Period{Day("2009-06-01"), Day("2009-09-10")}})),
              ElementsAre(Pair(1'245'21, 0)));
}

TEST(CreditNoteTest, TheDaysOfALineAddUpToIt) {
  Invoice invoice = Taxed({{100'00, 19'00}});
  EXPECT_THAT(Take(invoice, OfLine({1, {}, Period{Day("2009-06-01"), Day("2009-06-11")}})),
              ElementsAre(Pair(33'33, 6'33)));
  EXPECT_THAT(Take(invoice, OfLine({1, {}, Period{Day("2009-06-21"), Day("2009-07-01")}})),
              ElementsAre(Pair(33'34, 6'34)));
  EXPECT_THAT(Take(invoice, OfLine({1, {}, Period{Day("2009-06-11"), Day("2009-06-21")}})),
              ElementsAre(Pair(33'33, 6'33)));
  EXPECT_EQ(RefusalOf(invoice, Amount(1)), "CREDIT_EXCEEDS_INVOICE");
}

// Three notes of a day each, as they were rounded before days were split cumulatively: 9.99 + 1.89 of 119.00.
TEST(CreditNoteTest, NeitherNetNorTaxOfACreditIsBelowZero) {
  Invoice invoice = Taxed({{100'00, 19'00}});
  for (const char* day : {"2009-06-01", "2009-06-02", "2009-06-03"}) {
    invoice.credits.push_back({1, Usd(3'33), Usd(63), Period{Day(day), Day(day) + 1}});
  }
  const CreditedLine nothing = *CreditGross(invoice, invoice.lines[0], Usd(0));
  EXPECT_EQ(nothing.net, Usd(0));
  EXPECT_EQ(nothing.tax, Usd(0));
  const CreditedLine cent = *CreditGross(invoice, invoice.lines[0], Usd(1));
  EXPECT_EQ(cent.net, Usd(0));
  EXPECT_EQ(cent.tax, Usd(1));
  EXPECT_THAT(Take(invoice, Amount(107'12)), ElementsAre(Pair(90'01, 17'11)));
}

TEST(CreditNoteTest, WhatIsCreditedIsNotCreditedAgain) {
  Invoice invoice = Taxed({{375'00, 0}, {100'00, 0}});
  Take(invoice, OfLine({1, Usd(300'00), {}}));
  EXPECT_EQ(RefusalOf(invoice, OfLine({1, Usd(75'01), {}})), "CREDIT_EXCEEDS_LINE");
  EXPECT_EQ(RefusalOf(invoice, Amount(175'01)), "CREDIT_EXCEEDS_INVOICE");
  EXPECT_THAT(Take(invoice, {CreditMethod::kWhole, {}, {}}), ElementsAre(Pair(75'00, 0), Pair(100'00, 0)));
}

TEST(CreditNoteTest, RefusesWhatTheInvoiceDoesNotHave) {
  const Invoice invoice = Taxed({{375'00, 0}});
  const Period before = {Day("2009-05-31"), Day("2009-06-02")};
  for (const CreditTerms& terms : {OfLine({2, {}, {}}), OfLine({1, {}, before}), OfLine({1, Usd(-1), {}}), Amount(0),
                                   CreditTerms{CreditMethod::kAmount, *Money::FromMicros(1'000'000, "EUR"), {}},
                                   CreditTerms{CreditMethod::kLines, {}, {{1, Usd(1), {}}, {1, Usd(1), {}}}}}) {
    EXPECT_EQ(DecideCredits(invoice, terms).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

RC_GTEST_PROP(CreditNoteTest, CreditsOfAnyAmountsAddUpToTheirInvoice, ()) {
  const auto nets = *rc::gen::container<std::vector<int64_t>>(3, rc::gen::inRange<int64_t>(1, 1'000'000));
  const auto ppm = *rc::gen::inRange<int64_t>(0, 300'000);
  std::vector<std::pair<int64_t, int64_t>> lines;
  int64_t left = 0;
  for (const int64_t net : nets) {
    lines.emplace_back(net, (net * ppm + 500'000) / 1'000'000);
    left += lines.back().first + lines.back().second;
  }
  Invoice invoice = Taxed(lines);
  int64_t net = 0;
  int64_t tax = 0;
  while (left > 0) {
    const int64_t amount = std::min(left, *rc::gen::inRange<int64_t>(1, left / 2 + 2));
    int64_t taken = 0;
    for (const auto& [net_part, tax_part] : Take(invoice, Amount(amount))) {
      RC_ASSERT(net_part >= 0);
      RC_ASSERT(tax_part >= 0);
      net += net_part;
      tax += tax_part;
      taken += net_part + tax_part;
    }
    RC_ASSERT(taken == amount);
    left -= amount;
  }
  RC_ASSERT(Usd(net) == invoice.net);
  RC_ASSERT(Usd(tax) == invoice.tax);
}

TEST(CreditNoteTest, SeriesIsTheAccountsOwnAndDatesNeverPrecedeTheInvoice) {
  BillingAccount account = AccountIn("USD");
  const Invoice invoice = Taxed({{375'00, 0}});
  const absl::Time early = StartOf(Day("2009-05-01"));
  const CreditNote first = *NewCreditNote(account, invoice, *DecideCredits(invoice, Amount(75'00)), "late", early);
  EXPECT_EQ(first.number, account.number + "-C1");
  EXPECT_EQ(first.issue_date, Day("2009-06-01"));
  EXPECT_EQ(first.applied, Usd(75'00));
  EXPECT_EQ(first.credited, Usd(0));
  const CreditNote second = *NewCreditNote(account, invoice, *DecideCredits(invoice, Amount(75'00)), "late", early);
  EXPECT_EQ(second.number, account.number + "-C2");
  EXPECT_NE(second.id, first.id);
}

}  // namespace
}  // namespace countersign::billing
