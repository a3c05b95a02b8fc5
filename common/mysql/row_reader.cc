#include "common/mysql/row_reader.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/date.h"

namespace countersign::mysql {
namespace {

constexpr size_t kIdBytes = 16;

}  // namespace

void RowReader::Damage(absl::string_view what) {
  if (status_.ok()) status_ = absl::DataLossError(absl::StrCat("A row is damaged: column ", next_, " is ", what, "."));
}

bool RowReader::Take() {
  if (!status_.ok()) return false;
  ++next_;
  if (!row_.IsNull(next_ - 1)) return true;
  Damage("NULL");
  return false;
}

bool RowReader::TakeNull() {
  if (!status_.ok()) return true;
  if (!row_.IsNull(next_)) return false;
  if (!row_.Has(next_)) return !Take();  // A row that is too short is damaged, not NULL.
  ++next_;
  return true;
}

Uuid RowReader::Id() {
  if (!Take()) return {};
  if (row_.Bytes(next_ - 1).size() != kIdBytes) Damage("no id of 16 bytes");
  return status_.ok() ? row_.Id(next_ - 1) : Uuid();
}

int64_t RowReader::Int() {
  int64_t value = 0;
  if (!Take()) return 0;
  if (absl::SimpleAtoi(row_.Bytes(next_ - 1), &value)) return value;
  Damage("no number");
  return 0;
}

std::string RowReader::Text() { return Take() ? row_.Bytes(next_ - 1) : std::string(); }

absl::Time RowReader::Time() {
  if (!Take()) return absl::InfinitePast();
  const absl::Time value = row_.Time(next_ - 1);
  if (value == absl::InfinitePast()) Damage("no time");
  return value;
}

Date RowReader::Day() {
  if (!Take()) return {};
  const std::string& text = row_.Bytes(next_ - 1);
  const absl::StatusOr<Date> value = ParseDate(text);
  if (value.ok()) return *value;
  Damage("no date");
  return {};
}

Money RowReader::Amount(absl::string_view currency) {
  const int64_t micros = Int();
  if (!status_.ok()) return {};
  const absl::StatusOr<Money> value = Money::FromMicros(micros, currency);
  if (value.ok()) return *value;
  Damage("no amount");
  return {};
}

std::optional<Uuid> RowReader::OptionalId() { return TakeNull() ? std::nullopt : std::optional<Uuid>(Id()); }

std::optional<absl::Time> RowReader::OptionalTime() {
  return TakeNull() ? std::nullopt : std::optional<absl::Time>(Time());
}

std::optional<Date> RowReader::OptionalDay() { return TakeNull() ? std::nullopt : std::optional<Date>(Day()); }

std::string RowReader::TextOrEmpty() { return TakeNull() ? std::string() : Text(); }

}  // namespace countersign::mysql
