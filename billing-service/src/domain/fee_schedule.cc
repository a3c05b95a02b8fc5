#include "billing-service/src/domain/fee_schedule.h"

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/new_version.h"
#include "common/base/error.h"

namespace countersign::billing {

Uuid FeeScheduleId(Date effective_date) { return Uuid::Derived({"fee schedule", FormatDate(effective_date)}); }

absl::Status CheckNewSchedule(const FeeSchedule& added, const std::vector<FeeSchedule>& versions, Date today) {
  return CheckBegins(added, versions, today, /*first_is_free=*/false,
                     {.exists_reason = "FEE_SCHEDULE_EXISTS",
                      .exists = "There is a fee schedule",
                      .past_reason = "FEE_SCHEDULE_IN_THE_PAST",
                      .begins = "A fee schedule begins",
                      .advice = " Choose a later day."});
}

absl::StatusOr<const FeeSchedule*> ScheduleFor(const FeeSchedules& versions, Date date) {
  const FeeSchedule* in_force = nullptr;
  if (versions != nullptr) {
    for (const FeeSchedule& version : *versions) {
      if (version.effective_date > date) continue;
      if (in_force == nullptr || version.effective_date > in_force->effective_date) in_force = &version;
    }
  }
  if (in_force != nullptr) return in_force;
  return FailedPrecondition("FEE_SCHEDULE_MISSING",
                            absl::StrCat("No fee schedule is in force on ", FormatDate(date), "."),
                            {{"date", FormatDate(date)}});
}

}  // namespace countersign::billing
