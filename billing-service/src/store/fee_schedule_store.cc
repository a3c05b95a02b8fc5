#include "billing-service/src/store/fee_schedule_store.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kFeeSchedules = {
    .name = "fee_schedules",
    .key = "fee_schedule_id",
    .fixed = "effective_date, first_year_rate_basis_points, later_rate_basis_points, create_time"};

constexpr absl::string_view kAllSchedules = "WHERE 1 = 1 ORDER BY effective_date";

FeeSchedule FeeScheduleOf(mysql::RowReader& row) {
  FeeSchedule version;
  version.id = row.Id();
  version.effective_date = row.Day();
  version.first_year_rate_basis_points = row.Int();
  version.later_rate_basis_points = row.Int();
  version.create_time = row.Time();
  return version;
}

}  // namespace

std::vector<mysql::FilterField> FeeScheduleFilterFields() {
  using enum mysql::FilterType;
  return {{"effective_date", "effective_date", kDate}, {"create_time", "create_time", kTime}};
}

absl::StatusOr<FeeSchedule> FeeScheduleStore::Get(absl::Time deadline, const Uuid& fee_schedule) const {
  ASSIGN_OR_RETURN(const std::optional<FeeSchedule> found,
                   mysql::FindOne<FeeSchedule>(database_, deadline, kFeeSchedules, {fee_schedule}, FeeScheduleOf));
  if (found.has_value()) return *found;
  return NotFound("FEE_SCHEDULE_NOT_FOUND", "There is no such fee schedule.",
                  {{"feeSchedule", fee_schedule.ToString()}});
}

absl::StatusOr<mysql::Page<FeeSchedule>> FeeScheduleStore::List(absl::Time deadline,
                                                                const mysql::PageQuery& query) const {
  return mysql::ListByTime<FeeSchedule>(database_, deadline, {.table = kFeeSchedules, .id = "fee_schedule_id"}, {},
                                        query, FeeScheduleOf, [](const FeeSchedule& version) {
                                          return mysql::TimePosition{version.create_time, version.id};
                                        });
}

absl::StatusOr<std::vector<FeeSchedule>> FeeScheduleStore::ReadAll(absl::Time deadline) const {
  return mysql::ListBy<FeeSchedule>(database_, deadline, mysql::SelectFrom(kFeeSchedules, kAllSchedules), {},
                                    FeeScheduleOf);
}

absl::StatusOr<FeeSchedules> FeeScheduleStore::Recall(absl::Time deadline) const {
  return remembered_.Get([&] { return ReadAll(deadline); });
}

void FeeScheduleStore::Forget() const { remembered_.Forget(); }

mysql::RowWrite FeeScheduleStore::Row(const FeeSchedule& version) {
  return mysql::Insert(kFeeSchedules, {version.id, version.effective_date, version.first_year_rate_basis_points,
                                       version.later_rate_basis_points, version.create_time});
}

}  // namespace countersign::billing
