#include "common/base/date.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "common/base/error.h"

namespace countersign {
namespace {

// CivilDay normalizes 02-30 to 03-02; a date that does not exist is one that this changes.
bool Exists(int year, int month, int day) {
  const Date date(year, month, day);
  return date.year() == year && date.month() == month && date.day() == day;
}

absl::Status InvalidDate(absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_DATE", message);
}

// The digits of `text` as a number, -1 when there is anything else among them.
int ParseDigits(absl::string_view text) {
  int value = 0;
  for (char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

Date DateOf(absl::Time time) { return absl::ToCivilDay(time, absl::UTCTimeZone()); }

absl::Time StartOf(Date date) { return absl::FromCivil(date, absl::UTCTimeZone()); }

Date AddMonths(Date anchor, int64_t months) {
  const absl::CivilMonth month = absl::CivilMonth(anchor) + months;
  const Date last = Date(month + 1) - 1;
  return Date(month.year(), month.month(), std::min(anchor.day(), last.day()));
}

Period PeriodAt(Date anchor, int64_t months, int64_t k) {
  return {AddMonths(anchor, months * k), AddMonths(anchor, months * (k + 1))};
}

Period PeriodContaining(Date anchor, int64_t months, Date date) {
  const int64_t k = (absl::CivilMonth(date) - absl::CivilMonth(anchor)) / months;
  const Period period = PeriodAt(anchor, months, k);
  return period.start <= date ? period : PeriodAt(anchor, months, k - 1);
}

std::string FormatDate(Date date) { return absl::FormatCivilTime(date); }

absl::StatusOr<Date> ParseDate(absl::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int year = ParseDigits(text.substr(0, 4));
    const int month = ParseDigits(text.substr(5, 2));
    const int day = ParseDigits(text.substr(8, 2));
    if (year > 0 && Exists(year, month, day)) return Date(year, month, day);
  }
  return InvalidDate("a date must exist and look like 2009-06-01");
}

absl::StatusOr<Date> MakeDate(int year, int month, int day) {
  if (year < 2000 || year > 2199) return InvalidDate("the year must be from 2000 to 2199");
  if (!Exists(year, month, day)) return InvalidDate("the date does not exist");
  return Date(year, month, day);
}

}  // namespace countersign
