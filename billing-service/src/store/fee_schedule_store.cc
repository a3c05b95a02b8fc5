#include "billing-service/src/store/fee_schedule_store.h"

#include "common/base/error.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kFeeSchedules = {
    .name = "fee_schedules",
    .key = "fee_schedule_id",
    .fixed = "effective_date, first_year_rate_basis_points, later_rate_basis_points, create_time"};

FeeSchedule FeeScheduleOf(mysql::RowReader& row) {
  FeeSchedule version;
  version.id = row.Id();
  version.effective_date = row.Day();
  version.first_year_rate_basis_points = row.Int();
  version.later_rate_basis_points = row.Int();
  version.create_time = row.Time();
  return version;
}

absl::Status FeeScheduleNotFound(const Uuid& id) {
  return NotFound("FEE_SCHEDULE_NOT_FOUND", "There is no such fee schedule.", {{"feeSchedule", id.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> FeeScheduleFilterFields() {
  using enum mysql::FilterType;
  return {{"effective_date", "effective_date", kDate}, {"create_time", "create_time", kTime}};
}

FeeScheduleStore::FeeScheduleStore(mysql::Database& database)
    : VersionStore(database, {.table = kFeeSchedules, .version_of = FeeScheduleOf, .not_found = FeeScheduleNotFound}) {}

mysql::RowWrite FeeScheduleStore::Row(const FeeSchedule& version) {
  return mysql::Insert(kFeeSchedules, {version.id, version.effective_date, version.first_year_rate_basis_points,
                                       version.later_rate_basis_points, version.create_time});
}

}  // namespace countersign::billing
