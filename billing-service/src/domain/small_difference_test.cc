#include "billing-service/src/domain/small_difference.h"

#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

SmallDifference From(absl::string_view day, const Money& limit) {
  SmallDifference version;
  version.effective_date = Day(day);
  version.limit = limit;
  return version;
}

TEST(SmallDifferenceTest, LimitIsThatOfTheCurrencyOnTheDay) {
  const std::vector<SmallDifference> versions = {From("2009-01-01", Usd(1'00)), From("2010-01-01", Usd(2'00)),
                                                 From("2009-01-01", *Money::FromMicros(100'000'000, "JPY"))};
  EXPECT_EQ(LimitOn(versions, "USD", Day("2009-12-31")), 1'000'000);
  EXPECT_EQ(LimitOn(versions, "USD", Day("2010-01-01")), 2'000'000);
  EXPECT_EQ(LimitOn(versions, "USD", Day("2008-12-31")), 0);
  EXPECT_EQ(LimitOn(versions, "JPY", Day("2009-06-01")), 100'000'000);
  EXPECT_EQ(LimitOn(versions, "KWD", Day("2009-06-01")), 0);
}

TEST(SmallDifferenceTest, OnlyACurrencysFirstVersionBeginsInThePast) {
  const Date today = Day("2009-06-01");
  EXPECT_TRUE(CheckNewVersion(From("2000-01-01", Usd(1'00)), {}, today).ok());
  const std::vector<SmallDifference> versions = {From("2000-01-01", Usd(1'00))};
  EXPECT_TRUE(CheckNewVersion(From("2009-06-02", Usd(1'00)), versions, today).ok());
  EXPECT_EQ(DetailsOf(CheckNewVersion(From("2009-06-01", Usd(1'00)), versions, today)).reason,
            "SMALL_DIFFERENCE_IN_THE_PAST");
  EXPECT_EQ(DetailsOf(CheckNewVersion(From("2000-01-01", Usd(2'00)), versions, today)).reason,
            "SMALL_DIFFERENCE_EXISTS");
}

}  // namespace
}  // namespace countersign::billing
