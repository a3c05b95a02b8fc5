#include "billing-service/src/domain/tax.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;

TaxRate Rate(absl::string_view from, int64_t ppm, TaxDate tax_date = TaxDate::kInvoiceDate) {
  TaxRate rate;
  rate.region = "GB";
  rate.effective_date = Day(from);
  rate.rate_ppm = ppm;
  rate.tax_date = tax_date;
  return rate;
}

// The taxes in minor units of lines with these nets in minor units, for June 2009.
std::vector<int64_t> Taxes(const TaxTable& table, const std::vector<Money>& nets, int64_t unit = 10'000) {
  std::vector<TaxableLine> lines;
  for (const Money& net : nets) lines.push_back({net, Day("2009-06-30")});
  std::vector<int64_t> taxes;
  const std::vector<LineTax> results = *table.Tax(Day("2009-06-01"), lines);
  for (const LineTax& tax : results) taxes.push_back(tax.tax.micros() / unit);
  return taxes;
}

TEST(TaxTest, IsRoundedOnceForTheInvoiceAndSplitCumulatively) {
  EXPECT_THAT(
      Taxes(TaxTable("GB", {Rate("2009-01-01", 200'000)}, {}), {Usd(68'33), Usd(68'33), Usd(57'50), Usd(85'00)}),
      ElementsAre(13'67, 13'66, 11'50, 17'00));
  EXPECT_THAT(Taxes(TaxTable("GB", {Rate("2009-01-01", 75'000)}, {}), {Usd(75'00), Usd(36'25)}),
              ElementsAre(5'63, 2'71));
  int64_t sum = 0;
  for (const int64_t tax :
       Taxes(TaxTable("DE", {Rate("2009-01-01", 190'000)}, {}), {Usd(36'25), Usd(36'25), Usd(36'25), Usd(36'25)})) {
    sum += tax;
  }
  EXPECT_EQ(sum, 27'55);
}

TEST(TaxTest, RateIsThatOfTheRegionsTaxDate) {
  const std::vector<TaxableLine> line = {{Usd(375'00), Day("2011-01-14")}};
  const auto tax = [&](TaxDate date) {
    return TaxTable("GB", {Rate("2010-01-01", 175'000, date), Rate("2011-01-04", 200'000, date)}, {})
        .Tax(Day("2010-12-15"), line)
        ->front();
  };
  EXPECT_EQ(tax(TaxDate::kInvoiceDate).tax, Usd(65'63));
  EXPECT_EQ(tax(TaxDate::kInvoiceDate).rate_ppm, 175'000);
  EXPECT_EQ(tax(TaxDate::kServiceEnd).tax, Usd(75'00));
}

TEST(TaxTest, RoundsAsTheRegionSays) {
  TaxRate rate = Rate("2009-01-01", 80'000);
  const std::vector<Money> net = {*Money::FromMicros(6'986'000'000, "JPY")};
  EXPECT_THAT(Taxes(TaxTable("JP", {rate}, {}), net, 1'000'000), ElementsAre(559));
  rate.rounding = TaxRounding::kDown;
  EXPECT_THAT(Taxes(TaxTable("JP", {rate}, {}), net, 1'000'000), ElementsAre(558));
  // Exactly a minor unit stays.
  EXPECT_THAT(Taxes(TaxTable("JP", {rate}, {}), {*Money::FromMicros(6'900'000'000, "JPY")}, 1'000'000),
              ElementsAre(552));
}

TEST(TaxTest, ReverseChargeNeedsAnIdThatWasValidatedByTheIssueDate) {
  TaxRate rate = Rate("2009-01-01", 190'000);
  rate.reverse_charge = true;
  const auto treatment = [&](const TaxProfile& profile) {
    return TaxTable("DE", {rate}, profile).Tax(Day("2009-06-01"), {{Usd(375'00), Day("2009-06-30")}})->front();
  };
  EXPECT_EQ(treatment({"DE1", Day("2009-06-01"), ""}).treatment, TaxTreatment::kReverseCharge);
  EXPECT_EQ(treatment({"DE1", Day("2009-06-01"), ""}).tax, Usd(0));
  EXPECT_EQ(treatment({"DE1", Day("2009-06-02"), ""}).tax, Usd(71'25));
  EXPECT_EQ(treatment({"DE1", std::nullopt, ""}).treatment, TaxTreatment::kTaxed);
  rate.reverse_charge = false;
  EXPECT_EQ(treatment({"DE1", Day("2009-06-01"), ""}).treatment, TaxTreatment::kTaxed);
}

TEST(TaxTest, ExemptAndUntaxedOweNothingAndSayWhy) {
  const std::vector<TaxableLine> line = {{Usd(375'00), Day("2009-06-30")}};
  const LineTax exempt = TaxTable("GB", {Rate("2009-01-01", 150'000)}, {"", std::nullopt, "Certificate 7"})
                             .Tax(Day("2009-06-01"), line)
                             ->front();
  EXPECT_EQ(exempt.treatment, TaxTreatment::kExempt);
  EXPECT_EQ(exempt.tax, Usd(0));
  const LineTax untaxed = TaxTable("GB", {Rate("2009-06-02", 150'000)}, {}).Tax(Day("2009-06-01"), line)->front();
  EXPECT_EQ(untaxed.treatment, TaxTreatment::kUntaxed);
  EXPECT_EQ(untaxed.tax, Usd(0));
}

TEST(TaxTest, ARegionsRateBeginsTomorrowAtTheEarliestUnlessItIsTheFirst) {
  const Date today = Day("2009-06-01");
  const std::vector<TaxRate> rates = {Rate("2009-01-01", 150'000)};
  EXPECT_TRUE(CheckNewRate(Rate("2000-01-01", 175'000), {}, today).ok());
  EXPECT_TRUE(CheckNewRate(Rate("2009-06-02", 175'000), rates, today).ok());
  EXPECT_EQ(DetailsOf(CheckNewRate(Rate("2009-06-01", 175'000), rates, today)).reason, "TAX_RATE_IN_THE_PAST");
  EXPECT_EQ(DetailsOf(CheckNewRate(Rate("2009-01-01", 175'000), rates, today)).reason, "TAX_RATE_EXISTS");
}

}  // namespace
}  // namespace countersign::billing
