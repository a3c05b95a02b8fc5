#include "billing-service/src/domain/csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace countersign::billing {

CsvWriter& CsvWriter::Text(absl::string_view text) {
  const bool is_formula = !text.empty() && absl::string_view("=+-@\t\r").find(text.front()) != absl::string_view::npos;
  const std::string harmless = is_formula ? absl::StrCat("'", text) : std::string(text);
  if (harmless.find_first_of(",\"\r\n") == std::string::npos) {
    Cell(harmless);
  } else {
    Cell(absl::StrCat("\"", absl::StrReplaceAll(harmless, {{"\"", "\"\""}}), "\""));
  }
  return *this;
}

CsvWriter& CsvWriter::Amount(const Money& amount) {
  const std::string text = amount.ToString();  // "375.00 USD"
  Cell(text.substr(0, text.find(' ')));
  return *this;
}

CsvWriter& CsvWriter::Number(int64_t number) {
  Cell(absl::StrCat(number));
  return *this;
}

CsvWriter& CsvWriter::Day(Date date) {
  Cell(FormatDate(date));
  return *this;
}

CsvWriter& CsvWriter::EndRow() {
  text_ += "\r\n";
  at_start_ = true;
  return *this;
}

void CsvWriter::Cell(absl::string_view value) {
  if (!at_start_) text_ += ',';
  at_start_ = false;
  absl::StrAppend(&text_, value);
}

}  // namespace countersign::billing
