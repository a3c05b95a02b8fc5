#include "billing-service/src/domain/small_difference.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::billing {

Uuid SmallDifferenceId(absl::string_view currency, Date effective_date) {
  return Uuid::Derived({"small difference", currency, FormatDate(effective_date)});
}

absl::Status CheckNewVersion(const SmallDifference& added, const std::vector<SmallDifference>& versions, Date today) {
  for (const SmallDifference& other : versions) {
    if (other.effective_date != added.effective_date) continue;
    return AlreadyExists("SMALL_DIFFERENCE_EXISTS",
                         absl::StrCat("The currency has a version from ", FormatDate(added.effective_date),
                                      " on already. Choose another day."),
                         {{"effectiveDate", FormatDate(added.effective_date)}});
  }
  if (versions.empty() || added.effective_date > today) return absl::OkStatus();
  return FailedPrecondition(
      "SMALL_DIFFERENCE_IN_THE_PAST",
      absl::StrCat("The currency has versions, so a new one begins tomorrow (", FormatDate(today + 1), ") or later."),
      {{"effectiveDate", FormatDate(added.effective_date)}});
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
