#include "billing-service/src/domain/fee_schedule.h"

#include <memory>
#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

FeeSchedule ScheduleFrom(absl::string_view date, int64_t first_year, int64_t later) {
  FeeSchedule schedule;
  schedule.id = FeeScheduleId(Day(date));
  schedule.effective_date = Day(date);
  schedule.first_year_rate_basis_points = first_year;
  schedule.later_rate_basis_points = later;
  return schedule;
}

FeeSchedules TwoSchedules() {
  return std::make_shared<const std::vector<FeeSchedule>>(
      std::vector<FeeSchedule>{ScheduleFrom("2009-07-02", 1000, 500), ScheduleFrom("2009-01-01", 1200, 600)});
}

TEST(FeeScheduleTest, IsThatOfTheDayOnWhichTheServicePeriodBegins) {
  const FeeSchedules schedules = TwoSchedules();
  EXPECT_EQ((*ScheduleFor(schedules, Day("2009-01-01")))->first_year_rate_basis_points, 1200);
  EXPECT_EQ((*ScheduleFor(schedules, Day("2009-07-01")))->first_year_rate_basis_points, 1200);
  EXPECT_EQ((*ScheduleFor(schedules, Day("2009-07-02")))->first_year_rate_basis_points, 1000);
  EXPECT_EQ(ScheduleFor(schedules, Day("2008-12-31")).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ScheduleFor(nullptr, Day("2009-07-02")).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(FeeScheduleTest, ANewOneBeginsTomorrowAtTheEarliestOnADayOfItsOwn) {
  const std::vector<FeeSchedule> versions = *TwoSchedules();
  EXPECT_TRUE(CheckNewSchedule(ScheduleFrom("2009-06-02", 0, 10'000), versions, Day("2009-06-01")).ok());
  EXPECT_EQ(CheckNewSchedule(ScheduleFrom("2009-06-01", 1, 1), versions, Day("2009-06-01")).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CheckNewSchedule(ScheduleFrom("2009-07-02", 1, 1), versions, Day("2009-06-01")).code(),
            absl::StatusCode::kAlreadyExists);
}

// 25 seats at 15.00 of 2009-06-01, 10 % and 5 % from 2010-04-15 on: the line of April keeps 12 %, that of May has 10 %.
TEST(FeeScheduleTest, LinesKeepTheRatesThatTheyWereInvoicedWith) {
  BillingAccount account = AccountIn("USD");
  account.fee_schedules = std::make_shared<const std::vector<FeeSchedule>>(
      std::vector<FeeSchedule>{ScheduleFrom("2009-01-01", 1200, 600), ScheduleFrom("2010-04-15", 1000, 500)});
  const Subscription seats = Seats(25, Usd(15'00), "2009-06-01");
  // Billed late, all months at once: a line's rate follows its service, not the day of the invoice.
  std::vector<int64_t> rates;
  const absl::StatusOr<Bills> bills = Bill(account, {seats}, Day("2010-05-31"));
  ASSERT_TRUE(bills.ok()) << bills.status();
  for (const Invoice& invoice : bills->invoices) {
    for (const InvoiceLine& line : invoice.lines) {
      ASSERT_EQ(line.fee_segments.size(), 1U);
      rates.push_back(line.fee_segments.front().rate_basis_points);
    }
  }
  ASSERT_EQ(rates.size(), 12U);
  EXPECT_EQ(rates[10], 1200);
  EXPECT_EQ(rates[11], 1000);
}

TEST(FeeScheduleTest, WithoutAScheduleAPartnersLineIsNotInvoiced) {
  BillingAccount account = AccountIn("USD");
  account.fee_schedules = nullptr;
  EXPECT_EQ(Bill(account, {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01")).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace countersign::billing
