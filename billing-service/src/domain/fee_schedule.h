// Fee schedules: what partners of record earn of the lines that are invoiced, from a day on.
// Source of the rules: docs/domain.md, Partner fees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_SCHEDULE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_SCHEDULE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// One version, for lines whose service period begins on its day or later, until that of the next version.
struct FeeSchedule {
  Uuid id;
  Date effective_date;
  int64_t first_year_rate_basis_points = 0;  // Of service days within 12 months of the tranche's start.
  int64_t later_rate_basis_points = 0;       // Of later service days.
  absl::Time create_time = {};
  static constexpr int64_t version = 1;  // It never changes.
};

using FeeSchedules = std::shared_ptr<const std::vector<FeeSchedule>>;  // All versions; null: there is none.

// The id of the version of that day.
Uuid FeeScheduleId(Date effective_date);

// OK for a version that may be added to `versions`. Errors: ALREADY_EXISTS FEE_SCHEDULE_EXISTS; FAILED_PRECONDITION
// FEE_SCHEDULE_IN_THE_PAST (it begins tomorrow at the earliest, for lines of today may be frozen already).
absl::Status CheckNewSchedule(const FeeSchedule& added, const std::vector<FeeSchedule>& versions, Date today);

// The version for a line whose service period begins on `date`; valid as long as `versions`. Error: FAILED_PRECONDITION
// FEE_SCHEDULE_MISSING.
absl::StatusOr<const FeeSchedule*> ScheduleFor(const FeeSchedules& versions, Date date);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_SCHEDULE_H_
