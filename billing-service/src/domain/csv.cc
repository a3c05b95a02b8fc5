#include "billing-service/src/domain/csv.h"

#include <utility>

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

std::optional<std::vector<std::vector<std::string>>> ParseCsv(absl::string_view text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false, was_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"';
    if (doubled) {
      cell += '"';
      ++i;
    } else if (quoted) {
      if (c == '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"') {
      if (!cell.empty() || was_quoted) return std::nullopt;
      quoted = was_quoted = true;
    } else if (c == ',' || c == '\n') {
      if (c == '\n' && !was_quoted && !cell.empty() && cell.back() == '\r') cell.pop_back();
      row.push_back(std::exchange(cell, ""));
      was_quoted = false;
      if (c == '\n') rows.push_back(std::exchange(row, {}));
    } else if (was_quoted && c != '\r') {
      return std::nullopt;
    } else if (!was_quoted) {
      cell += c;
    }
  }
  if (quoted) return std::nullopt;
  if (!cell.empty() || was_quoted || !row.empty()) {
    row.push_back(std::move(cell));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace countersign::billing
