#include "billing-service/src/domain/invoice_explanation.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

TaxRate RateFrom(absl::string_view day, int64_t ppm, TaxRounding rounding = TaxRounding::kHalfUp,
                 TaxDate tax_date = TaxDate::kInvoiceDate) {
  TaxRate rate;
  rate.region = "GB";
  rate.effective_date = Day(day);
  rate.rate_ppm = ppm;
  rate.rounding = rounding;
  rate.tax_date = tax_date;
  return rate;
}

// One line of one seat and a whole month for each of these prices.
Invoice OpenedOn(absl::string_view day, const std::vector<Money>& prices, const std::vector<TaxRate>& rates,
                 const TaxProfile& profile = {}) {
  BillingAccount account = AccountIn(prices.front().currency());
  account.tax = std::make_shared<TaxTable>("GB", rates, profile);
  std::vector<InvoiceLine> lines;
  for (const Money& price : prices) {
    InvoiceLine line;
    line.tranche = 1;
    line.description = "Suite";
    line.quantity = line.months = 1;
    line.unit_price = line.net = price;
    line.service = line.billing_period = PeriodAt(Day(day), 1, 0);
    lines.push_back(line);
  }
  return *OpenInvoice(account, std::move(lines), Day(day));
}

// Of an invoice on which nothing is paid.
absl::StatusOr<Explanation> Explained(const Invoice& invoice, const std::vector<TaxRate>& rates) {
  return ExplainInvoice(invoice, rates, {});
}

// "value: why" of the part at this path, "net/line 1/days".
std::string PartAt(const Explanation& root, absl::string_view path) {
  const Explanation* place = &root;
  for (const absl::string_view what : absl::StrSplit(path, '/')) {
    const auto part = std::find_if(place->parts.begin(), place->parts.end(),
                                   [&](const Explanation& candidate) { return candidate.what == what; });
    if (part == place->parts.end()) return "";
    place = &*part;
  }
  return absl::StrCat(place->value, ": ", place->why);
}

TEST(InvoiceExplanationTest, FourLinesShareTheTaxCumulatively) {
  const std::vector<TaxRate> rates = {RateFrom("2009-01-01", 200'000)};
  const Invoice invoice = OpenedOn("2009-06-01", {Usd(68'33), Usd(68'33), Usd(57'50), Usd(85'00)}, rates);
  const Explanation explanation = *Explained(invoice, rates);
  EXPECT_EQ(explanation.value, "334.99 USD");
  EXPECT_EQ(explanation.why,
            absl::StrCat("Invoice ", invoice.number,
                         " of 2009-06-01: 4 lines at 279.16 USD net + 55.83 USD tax = 334.99 USD; 0.00 USD credited "
                         "and 0.00 USD paid leave 334.99 USD due by 2009-07-01."));
  EXPECT_EQ(PartAt(explanation, "tax/tax at 20 %"), "55.83 USD: 279.16 USD × 20 % = 55.83 USD");
  EXPECT_EQ(PartAt(explanation, "tax/tax at 20 %/before rounding"), "55.832 USD: 279.16 USD × 20 %");
  EXPECT_EQ(PartAt(explanation, "tax/tax at 20 %/line 1"), "13.67 USD: round(68.33 USD × 20 %) = 13.67 USD");
  ExpectExplained(invoice, rates);
  EXPECT_EQ(PartAt(explanation, "tax/tax at 20 %/line 2"),
            "13.66 USD: round(136.66 USD × 20 %) = 27.33 USD, less 13.67 USD of the lines before");
}

TEST(InvoiceExplanationTest, AProratedLineShowsItsDaysAndRoundsOnce) {
  Invoice invoice = OpenedOn("2009-07-19", {Usd(0)}, {});
  InvoiceLine& line = invoice.lines[0];
  line.quantity = 7;
  line.unit_price = Usd(7'25);
  line.billing_period = {Day("2009-07-01"), Day("2009-08-01")};
  line.service = {Day("2009-07-19"), Day("2009-08-01")};
  line.net = invoice.net = invoice.total = Usd(21'28);
  const Explanation explanation = *Explained(invoice, {});
  EXPECT_EQ(PartAt(explanation, "net/line 1"), "21.28 USD: Suite: 7 × 7.25 USD × 1 month × 13/31 days = 21.28 USD");
  EXPECT_EQ(PartAt(explanation, "net/line 1/before rounding"), "21.282258 USD: 7.25 USD × 7 × 1 × 13/31");
  EXPECT_EQ(PartAt(explanation, "net/line 1/days"),
            "13 of 31: 2009-07-19 to 2009-07-31, the days served of the period");
  EXPECT_EQ(PartAt(explanation, "tax/line 1"), "0.00 USD: the region has no tax rate on that day");
}

TEST(InvoiceExplanationTest, TheRatesOwnRoundingAndDayAreNamed) {
  const std::vector<TaxRate> rates = {RateFrom("2008-12-01", 175'000, TaxRounding::kDown, TaxDate::kServiceEnd),
                                      RateFrom("2011-01-04", 200'000, TaxRounding::kDown, TaxDate::kServiceEnd)};
  const Explanation explanation = *Explained(OpenedOn("2010-12-15", {Usd(375'00)}, rates), rates);
  EXPECT_EQ(PartAt(explanation, "tax"), "75.00 USD: the sum of the rates");
  EXPECT_EQ(PartAt(explanation, "tax/tax at 20 %/rounding"), "USD: down, once for the rate");
  EXPECT_EQ(PartAt(explanation, "tax/tax at 20 %/rate"),
            "20 %: the rate of region GB from 2011-01-04 on, in force on the last day of service");
  const std::vector<TaxRate> fine = {RateFrom("2008-12-01", 88'750)};
  EXPECT_EQ(PartAt(*Explained(OpenedOn("2009-06-01", {Usd(100'00)}, fine), fine), "tax/tax at 8.875 %"),
            "8.88 USD: 100.00 USD × 8.875 % = 8.88 USD");
}

TEST(InvoiceExplanationTest, ReverseChargeAndExemptionSayWhyThereIsNoTax) {
  std::vector<TaxRate> rates = {RateFrom("2009-01-01", 190'000)};
  rates[0].reverse_charge = true;
  EXPECT_EQ(PartAt(*Explained(OpenedOn("2009-06-01", {Usd(375'00)}, rates, {"DE1", Day("2009-05-01"), ""}), rates),
                   "tax/line 1"),
            "0.00 USD: reverse charge: the buyer's tax id was validated by the issue date, so the buyer owes the tax "
            "itself");
  EXPECT_EQ(PartAt(*Explained(OpenedOn("2009-06-01", {Usd(375'00)}, rates, {"", {}, "a school"}), rates), "tax/line 1"),
            "0.00 USD: the buyer is exempt");
}

TEST(InvoiceExplanationTest, CreditAndPaymentLeaveWhatIsDue) {
  const std::vector<TaxRate> rates = {RateFrom("2009-01-01", 190'000)};
  Invoice invoice = OpenedOn("2009-06-01", {Usd(375'00)}, rates);
  invoice.paid = Usd(300'00);
  invoice.credited = Usd(100'00);
  invoice.credits = {{1, Usd(84'03), Usd(15'97), {}}};
  const std::vector<PaidPart> paid = {{Day("2009-06-20"), Usd(199'60), Usd(40)}, {{}, Usd(100'00), Usd(0)}};
  const Explanation explanation = *ExplainInvoice(invoice, rates, paid);
  EXPECT_EQ(PartAt(explanation, "paid/payment"), "199.60 USD: by its value date, 2009-06-20");
  EXPECT_EQ(PartAt(explanation, "paid/bank charges"), "0.40 USD: a small difference that was let go");
  EXPECT_EQ(PartAt(explanation, "paid/account credit"), "100.00 USD: left by earlier payments and credit notes");
  EXPECT_EQ(Explained(invoice, rates).status().code(), absl::StatusCode::kDataLoss) << "nothing says who paid";
  EXPECT_EQ(PartAt(explanation, "credited/credit of line 1"), "100.00 USD: 84.03 USD net + 15.97 USD tax");
  EXPECT_EQ(PartAt(explanation, "due"), "46.25 USD: 446.25 USD − 100.00 USD credited − 300.00 USD paid, by 2009-07-01");
  EXPECT_EQ(PartAt(explanation, "due/payment terms"),
            "30 days: of the account when the invoice opened, from its date, 2009-06-01");
}

TEST(InvoiceExplanationTest, EveryTaxExampleAddsUp) {
  const auto expect = [](const std::vector<Money>& prices, int64_t ppm, TaxRounding rounding, absl::string_view tax) {
    const std::vector<TaxRate> rates = {RateFrom("2009-01-01", ppm, rounding)};
    const Invoice invoice = OpenedOn("2009-06-01", prices, rates);
    EXPECT_EQ(invoice.tax.ToString(), tax);
    ExpectExplained(invoice, rates);
  };
  const Money yen = *Money::FromMicros(6'986'000'000, "JPY");
  expect({Usd(36'25), Usd(36'25), Usd(36'25), Usd(36'25)}, 190'000, TaxRounding::kHalfUp, "27.55 USD");
  expect({Usd(75'00), Usd(36'25)}, 75'000, TaxRounding::kHalfUp, "8.34 USD");
  expect({Usd(375'00)}, 175'000, TaxRounding::kHalfUp, "65.63 USD");
  expect({Usd(375'00)}, 190'000, TaxRounding::kHalfUp, "71.25 USD");
  expect({yen}, 80'000, TaxRounding::kDown, "558 JPY");
  expect({yen}, 80'000, TaxRounding::kHalfUp, "559 JPY");
}

TEST(InvoiceExplanationTest, ALineSaysWhichVersionAndTierItsPriceCameFrom) {
  Subscription suite = Seats(25, Usd(8'00), "2010-02-01");
  suite.tranches[0].origin = {"offers/suite/prices/2010", 5, Promotion{Usd(10'00), {}}};
  Invoice invoice = OpenedOn("2010-02-01", {Usd(0)}, {});
  invoice.lines = BillOn(suite, "2010-02-01");
  invoice.lines[0].number = 1;
  invoice.lines[0].tax = Usd(0);
  invoice.net = invoice.total = Usd(200'00);
  const Explanation explanation = *Explained(invoice, {});
  const std::string unit_price = "net/line 1/unit price";
  EXPECT_EQ(PartAt(explanation, unit_price), "8.00 USD: per seat and month, as agreed when the seats were ordered");
  EXPECT_EQ(PartAt(explanation, unit_price + "/price version"), "offers/suite/prices/2010: stored with the order");
  EXPECT_EQ(PartAt(explanation, unit_price + "/tier"), "from 5 seats: by the subscription's seats after the order");
  EXPECT_EQ(PartAt(explanation, unit_price + "/list price"), "10.00 USD: lowered by a promotion for the initial term");
}

TEST(InvoiceExplanationTest, ARateThatWasPublishedWhenItOpenedAndNotKnownYetIsLeftOut) {
  std::vector<TaxRate> rates = {RateFrom("2008-12-01", 175'000, TaxRounding::kHalfUp, TaxDate::kServiceEnd)};
  const Invoice invoice = OpenedOn("2010-12-15", {Usd(375'00)}, rates);
  rates[0].create_time = invoice.create_time - absl::Hours(1);
  rates.push_back(RateFrom("2011-01-04", 200'000, TaxRounding::kHalfUp, TaxDate::kServiceEnd));
  EXPECT_EQ(PartAt(*Explained(invoice, rates), "tax/tax at 17.5 %"), "65.63 USD: 375.00 USD × 17.5 % = 65.63 USD");
  ExpectExplained(invoice, rates);
}

TEST(InvoiceExplanationTest, WhatCreditNotesTookBeyondWhatWasDueIsAccountCredit) {
  Invoice invoice = OpenedOn("2009-06-01", {Usd(375'00)}, {});
  invoice.paid = Usd(300'00);
  invoice.credited = Usd(75'00);
  invoice.credits = {{1, Usd(100'00), Usd(0), {}}};
  const std::vector<PaidPart> paid = {{Day("2009-06-20"), Usd(300'00), Usd(0)}};
  const Explanation explanation = *ExplainInvoice(invoice, {}, paid);
  EXPECT_EQ(PartAt(explanation, "credited/became account credit"),
            "25.00 USD: 100.00 USD of credit notes less 75.00 USD");
  EXPECT_EQ(PartAt(explanation, "due"), "0.00 USD: 375.00 USD − 75.00 USD credited − 300.00 USD paid, by 2009-07-01");
  invoice.credits.clear();
  EXPECT_EQ(ExplainInvoice(invoice, {}, paid).status().code(), absl::StatusCode::kDataLoss);
}

TEST(InvoiceExplanationTest, AnAmountThatTheFactsDoNotGiveIsNotExplainedAway) {
  const std::vector<TaxRate> rates = {RateFrom("2009-01-01", 190'000)};
  Invoice invoice = OpenedOn("2009-06-01", {Usd(375'00)}, rates);
  invoice.lines[0].net = Usd(375'01);
  EXPECT_EQ(Explained(invoice, rates).status().code(), absl::StatusCode::kDataLoss);
  invoice = OpenedOn("2009-06-01", {Usd(375'00)}, rates);
  invoice.lines[0].tax = Usd(71'26);
  EXPECT_EQ(Explained(invoice, rates).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace countersign::billing
