// Comma-separated values by RFC 4180: for spreadsheets, and harmless in them.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CSV_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CSV_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

// Appends rows to a text in UTF-8, lines ended by CR LF.
class CsvWriter {
 public:
  // A text cell. One that a spreadsheet would run as a formula (it begins with = + - @, a tab or a carriage return)
  // gets an apostrophe in front.
  CsvWriter& Text(absl::string_view text);
  // Numbers stay numbers, negative ones too: the amount with a decimal point and without its currency.
  CsvWriter& Amount(const Money& amount);
  CsvWriter& Number(int64_t number);
  CsvWriter& Day(Date date);
  CsvWriter& EndRow();

  const std::string& text() const { return text_; }

 private:
  void Cell(absl::string_view value);

  std::string text_;
  bool at_start_ = true;  // Of a row.
};

// The rows of a text by RFC 4180; a line may also end with LF alone, and the last one without. nullopt: a quotation
// mark is out of place.
std::optional<std::vector<std::vector<std::string>>> ParseCsv(absl::string_view text);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CSV_H_
