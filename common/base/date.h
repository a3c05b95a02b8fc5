// Civil dates (UTC) and the arithmetic of billing periods.
#ifndef COUNTERSIGN_COMMON_BASE_DATE_H_
#define COUNTERSIGN_COMMON_BASE_DATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace countersign {

using Date = absl::CivilDay;

// The UTC date of `time`.
Date DateOf(absl::Time time);

// The first instant of `date`, UTC.
absl::Time StartOf(Date date);

// `anchor` plus `months`, on the anchor's day or the month's last day where that day does not exist: counted from the
// anchor itself, so the day never drifts (2010-01-31: 02-28, 03-31, 04-30; yearly from 2012-02-29: 2013-02-28,
// 2016-02-29). `months` may be negative.
Date AddMonths(Date anchor, int64_t months);

// A half-open range of dates: `end` is not included.
struct Period {
  Date start;
  Date end;
  int64_t days() const { return end - start; }
  bool Contains(Date date) const { return start <= date && date < end; }
  friend bool operator==(const Period& a, const Period& b) { return a.start == b.start && a.end == b.end; }
};

// The k-th period (k ≥ 0) of `months` months counted from `anchor`.
Period PeriodAt(Date anchor, int64_t months, int64_t k);

// The period of `months` months counted from `anchor` that contains `date`. Requires date >= anchor.
Period PeriodContaining(Date anchor, int64_t months, Date date);

// "2009-06-01". Parse errors: INVALID_ARGUMENT for anything else or a date that does not exist.
std::string FormatDate(Date date);
absl::StatusOr<Date> ParseDate(absl::string_view text);

// From the parts of google.type.Date. Error: INVALID_ARGUMENT for a date that does not exist, a zero part or a year
// outside 2000–2199.
absl::StatusOr<Date> MakeDate(int year, int month, int day);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_DATE_H_
