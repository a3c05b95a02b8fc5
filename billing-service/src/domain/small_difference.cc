#include "billing-service/src/domain/small_difference.h"

#include "billing-service/src/domain/new_version.h"

namespace countersign::billing {

Uuid SmallDifferenceId(absl::string_view currency, Date effective_date) {
  return Uuid::Derived({"small difference", currency, FormatDate(effective_date)});
}

absl::Status CheckNewVersion(const SmallDifference& added, const std::vector<SmallDifference>& versions, Date today) {
  return CheckBegins(added, versions, today, /*first_is_free=*/true,
                     {.exists_reason = "SMALL_DIFFERENCE_EXISTS",
                      .exists = "The currency has a version",
                      .past_reason = "SMALL_DIFFERENCE_IN_THE_PAST",
                      .begins = "The currency has versions, so a new one begins"});
}

int64_t LimitOn(const std::vector<SmallDifference>& versions, absl::string_view currency, Date date) {
  const SmallDifference* in_force = nullptr;
  for (const SmallDifference& version : versions) {
    if (version.limit.currency() != currency || version.effective_date > date) continue;
    if (in_force == nullptr || version.effective_date > in_force->effective_date) in_force = &version;
  }
  return in_force == nullptr ? 0 : in_force->limit.micros();
}

}  // namespace countersign::billing
