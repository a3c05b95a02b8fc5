// On which days a new version may begin, of anything whose versions are each in force from a day on.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NEW_VERSION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NEW_VERSION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "common/base/error.h"

namespace countersign::billing {

// How the refusals of one kind of version read.
struct VersionRefusals {
  absl::string_view exists_reason;  // "FEE_SCHEDULE_EXISTS"
  absl::string_view exists;         // "There is a fee schedule"
  absl::string_view past_reason;    // "FEE_SCHEDULE_IN_THE_PAST"
  absl::string_view begins;         // "A fee schedule begins"
  absl::string_view advice = "";    // " Choose a later day."
  ErrorMetadata about = {};         // The thing it is a version of, as error metadata.
};

// OK for a version that begins on a day of its own, tomorrow at the earliest. `versions` are those that it stands
// beside; where `first_is_free`, the first of all may begin on any day. Errors: ALREADY_EXISTS, FAILED_PRECONDITION.
template <typename Version>
absl::Status CheckBegins(const Version& added, const std::vector<Version>& versions, Date today, bool first_is_free,
                         VersionRefusals refusals) {
  const std::string day = FormatDate(added.effective_date);
  refusals.about.emplace_back("effectiveDate", day);
  for (const Version& other : versions) {
    if (other.effective_date != added.effective_date) continue;
    return AlreadyExists(refusals.exists_reason,
                         absl::StrCat(refusals.exists, " from ", day, " on already. Choose another day."),
                         refusals.about);
  }
  if (added.effective_date > today || (first_is_free && versions.empty())) return absl::OkStatus();
  return FailedPrecondition(
      refusals.past_reason,
      absl::StrCat(refusals.begins, " tomorrow (", FormatDate(today + 1), ") or later.", refusals.advice),
      refusals.about);
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NEW_VERSION_H_
