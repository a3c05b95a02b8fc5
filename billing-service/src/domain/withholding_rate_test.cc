#include "billing-service/src/domain/withholding_rate.h"

#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

WithholdingRate WithholdingOf(const char* region, const char* form, const char* from, int64_t basis_points) {
  return {.id = WithholdingRateId(region, form, Day(from)),
          .region = region,
          .tax_form = form,
          .effective_date = Day(from),
          .basis_points = basis_points,
          .create_time = StartOf(Day(from))};
}

std::vector<WithholdingRate> WithholdingRates() {
  return {WithholdingOf("US", "", "2009-01-01", 2800), WithholdingOf("US", "W-9", "2009-01-01", 0),
          WithholdingOf("IN", "W-8BEN-E", "2009-01-01", 2500), WithholdingOf("IN", "W-8BEN-E", "2010-01-01", 1500)};
}

int64_t WithheldPointsOf(const char* region, const char* form, const char* day) {
  const std::vector<WithholdingRate> rates = WithholdingRates();
  const WithholdingRate* const rate = RateFor(rates, region, form, Day(day));
  return rate == nullptr ? -1 : rate->basis_points;
}

TEST(WithholdingRateTest, IsThatOfTheCountryTheFormAndTheDay) {
  EXPECT_EQ(WithheldPointsOf("US", "", "2009-07-08"), 2800);
  EXPECT_EQ(WithheldPointsOf("US", "W-9", "2009-07-08"), 0);
  EXPECT_EQ(WithheldPointsOf("IN", "W-8BEN-E", "2009-12-31"), 2500);
  EXPECT_EQ(WithheldPointsOf("IN", "W-8BEN-E", "2010-01-01"), 1500);
  EXPECT_EQ(WithheldPointsOf("US", "W-9", "2008-12-31"), -1) << "before the first";
}

TEST(WithholdingRateTest, AFormForWhichTheCountryHasNoRateCountsAsNone) {
  EXPECT_EQ(WithheldPointsOf("US", "W-8BEN-E", "2009-07-08"), 2800);
  EXPECT_EQ(WithheldPointsOf("IN", "W-9", "2009-07-08"), -1) << "and India has none without a form";
  EXPECT_EQ(WithheldPointsOf("DE", "W-8BEN-E", "2009-07-08"), -1);
  EXPECT_EQ(WithheldPointsOf("", "", "2009-07-08"), -1);
}

TEST(WithholdingRateTest, OnlyTheFirstOfACountryAndFormMayBeginInThePast) {
  const auto reason = [](const WithholdingRate& added) {
    return DetailsOf(CheckNewVersion(added, WithholdingRates(), Day("2010-06-01"))).reason;
  };
  EXPECT_EQ(reason(WithholdingOf("US", "W-8BEN-E", "2009-01-01", 1500)), "");
  EXPECT_EQ(reason(WithholdingOf("US", "W-9", "2009-01-01", 100)), "WITHHOLDING_RATE_EXISTS");
  EXPECT_EQ(reason(WithholdingOf("US", "W-9", "2010-06-01", 100)), "WITHHOLDING_RATE_IN_THE_PAST");
  EXPECT_EQ(reason(WithholdingOf("US", "W-9", "2010-06-02", 100)), "");
}

}  // namespace
}  // namespace countersign::billing
