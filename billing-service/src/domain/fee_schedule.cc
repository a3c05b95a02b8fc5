#include "billing-service/src/domain/fee_schedule.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::billing {

Uuid FeeScheduleId(Date effective_date) { return Uuid::Derived({"fee schedule", FormatDate(effective_date)}); }

absl::Status CheckNewSchedule(const FeeSchedule& added, const std::vector<FeeSchedule>& versions, Date today) {
  for (const FeeSchedule& other : versions) {
    if (other.effective_date != added.effective_date) continue;
    return AlreadyExists("FEE_SCHEDULE_EXISTS",
                         absl::StrCat("There is a fee schedule from ", FormatDate(added.effective_date),
                                      " on already. Choose another day."),
                         {{"effectiveDate", FormatDate(added.effective_date)}});
  }
  if (added.effective_date > today) return absl::OkStatus();
  return FailedPrecondition(
      "FEE_SCHEDULE_IN_THE_PAST",
      absl::StrCat("A fee schedule begins tomorrow (", FormatDate(today + 1), ") or later. Choose a later day."),
      {{"effectiveDate", FormatDate(added.effective_date)}});
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
