#include "common/base/date.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace countersign {
namespace {

TEST(DateTest, KeepsTheAnchorDayAcrossShortMonths) {
  const Date anchor(2010, 1, 31);
  EXPECT_EQ(AddMonths(anchor, 1), Date(2010, 2, 28));
  EXPECT_EQ(AddMonths(anchor, 2), Date(2010, 3, 31));
  EXPECT_EQ(AddMonths(anchor, 3), Date(2010, 4, 30));
  EXPECT_EQ(AddMonths(anchor, -2), Date(2009, 11, 30));
  EXPECT_EQ(AddMonths(anchor, 0), anchor);
}

TEST(DateTest, ReturnsToTheLeapDayInLeapYears) {
  const Date anchor(2012, 2, 29);
  EXPECT_EQ(AddMonths(anchor, 12), Date(2013, 2, 28));
  EXPECT_EQ(AddMonths(anchor, 48), Date(2016, 2, 29));
}

TEST(DateTest, FindsThePeriodOfADate) {
  const Period march = PeriodContaining(Date(2010, 1, 31), 1, Date(2010, 3, 15));
  EXPECT_EQ(march, (Period{Date(2010, 2, 28), Date(2010, 3, 31)}));
  EXPECT_EQ(march.days(), 31);
  EXPECT_EQ(march.end - Date(2010, 3, 15), 16);  // Days left, the day of the change included.
  EXPECT_TRUE(march.Contains(march.start));
  EXPECT_FALSE(march.Contains(march.end));
  EXPECT_EQ(PeriodContaining(Date(2012, 2, 29), 12, Date(2013, 2, 28)), (Period{Date(2013, 2, 28), Date(2014, 2, 28)}));
  EXPECT_EQ(PeriodAt(Date(2009, 6, 1), 12, 1), (Period{Date(2010, 6, 1), Date(2011, 6, 1)}));
}

TEST(DateTest, CountsTheDaysOfFebruary) {
  EXPECT_EQ(PeriodAt(Date(2010, 2, 1), 1, 0).days(), 28);
  EXPECT_EQ(PeriodAt(Date(2012, 2, 1), 1, 0).days(), 29);
}

TEST(DateTest, TakesTheUtcDateOfATime) {
  const absl::Time midnight = StartOf(Date(2009, 6, 1));
  EXPECT_EQ(absl::FormatTime(midnight, absl::UTCTimeZone()), "2009-06-01T00:00:00+00:00");
  EXPECT_EQ(DateOf(midnight), Date(2009, 6, 1));
  EXPECT_EQ(DateOf(midnight - absl::Microseconds(1)), Date(2009, 5, 31));
}

TEST(DateTest, ReadsWhatItWrites) {
  EXPECT_EQ(FormatDate(Date(2009, 6, 1)), "2009-06-01");
  EXPECT_EQ(*ParseDate("2012-02-29"), Date(2012, 2, 29));
  for (const char* bad : {"", "2010-02-29", "2009-6-1", "2009-06-31", "2009-00-01", "2009-06-01 ", " 2009-06-1",
                          "2009-06-00", "2009/06/01", "+009-06-01", "0000-01-01"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseDate(bad).status())) << bad;
  }
}

TEST(DateTest, RefusesPartsThatMakeNoDate) {
  EXPECT_EQ(*MakeDate(2199, 12, 31), Date(2199, 12, 31));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDate(1999, 12, 31).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDate(2200, 1, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDate(2010, 2, 29).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDate(2010, 0, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDate(2010, 1, 0).status()));
}

RC_GTEST_PROP(DateProperty, PeriodsCoverEveryDateOnceWithoutGaps, ()) {
  const Date anchor = Date(2009, 1, 1) + *rc::gen::inRange(0, 3000);
  const int months = *rc::gen::element(1, 3, 12);
  const Date date = anchor + *rc::gen::inRange(0, 5000);
  const Period period = PeriodContaining(anchor, months, date);
  RC_ASSERT(period.Contains(date));
  const Period next = PeriodContaining(anchor, months, period.end);
  RC_ASSERT(next.start == period.end);
}

}  // namespace
}  // namespace countersign
