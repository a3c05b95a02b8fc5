#include "common/mysql/connection.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"

namespace countersign::mysql {
namespace {

// The number in text[begin, begin + length), 0 when there is none.
int Digits(absl::string_view text, size_t begin, size_t length) {
  int number = 0;
  if (begin >= text.size() || !absl::SimpleAtoi(text.substr(begin, length), &number)) return 0;
  return number;
}

}  // namespace

Parameter::Parameter(absl::Time value) {
  if (value == absl::InfinitePast()) return;
  value_ = absl::FormatTime("%Y-%m-%d %H:%M:%E6S", value, absl::UTCTimeZone());
}

Parameter::Parameter(Date value) : value_(FormatDate(value)) {}

int64_t Row::Int(int column) const {
  int64_t number = 0;
  return absl::SimpleAtoi(Bytes(column), &number) ? number : 0;
}

const std::string& Row::Bytes(int column) const {
  static const std::string* const empty = new std::string;
  return IsNull(column) ? *empty : *columns_[column];
}

Uuid Row::Id(int column) const { return Uuid::FromBytes(Bytes(column)).value_or(Uuid()); }

absl::Time Row::Time(int column) const {
  // "2009-06-01 12:34:56" or "2009-06-01 12:34:56.000789": the connector leaves out a fraction of zero.
  const std::string& text = Bytes(column);
  if (text.size() < 19) return absl::InfinitePast();
  const absl::CivilSecond second(Digits(text, 0, 4), Digits(text, 5, 2), Digits(text, 8, 2), Digits(text, 11, 2),
                                 Digits(text, 14, 2), Digits(text, 17, 2));
  std::string micros = text.size() > 20 ? text.substr(20, 6) : std::string();
  micros.resize(6, '0');
  return absl::FromCivil(second, absl::UTCTimeZone()) + absl::Microseconds(Digits(micros, 0, 6));
}

Date Row::Day(int column) const {
  const std::string& text = Bytes(column);
  return Date(Digits(text, 0, 4), Digits(text, 5, 2), Digits(text, 8, 2));
}

absl::StatusOr<std::optional<Row>> Reader::QueryOne(absl::string_view sql, const std::vector<Parameter>& parameters) {
  ASSIGN_OR_RETURN(std::vector<Row> rows, Query(sql, parameters));
  if (rows.size() > 1) {
    return Error(absl::StatusCode::kInternal, "DATABASE_ERROR",
                 absl::StrCat("One row was expected, ", rows.size(), " were found: ", sql));
  }
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

absl::Status Connection::ExecuteGuarded(absl::string_view sql, const std::vector<Parameter>& parameters) {
  ASSIGN_OR_RETURN(const int64_t count, Execute(sql, parameters));
  if (count > 1) {
    return Error(absl::StatusCode::kInternal, "DATABASE_ERROR",
                 absl::StrCat("One row was to change, ", count, " did: ", sql));
  }
  return count == 1 ? absl::OkStatus() : LostRace();
}

absl::StatusOr<std::unique_ptr<Connection>> Connect(const DatabaseOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Session> session, Session::Open(options));
  return session;
}

}  // namespace countersign::mysql
