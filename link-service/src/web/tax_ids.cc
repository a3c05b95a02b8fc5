#include "link-service/src/web/tax_ids.h"

#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/text.h"

namespace countersign::link::web {
namespace {

// The forms of VAT numbers in the VIES register of the European Union, and the United Kingdom's. 9 is a digit, A a
// letter, X either; anything else is itself.
struct TaxIdForms {
  absl::string_view country;
  absl::string_view prefix;
  absl::string_view forms;  // Separated by '|'.
};

constexpr TaxIdForms kTaxIdForms[] = {
    {"AT", "AT", "U99999999"},
    {"BE", "BE", "9999999999"},
    {"BG", "BG", "999999999|9999999999"},
    {"CY", "CY", "99999999A"},
    {"CZ", "CZ", "99999999|999999999|9999999999"},
    {"DE", "DE", "999999999"},
    {"DK", "DK", "99999999"},
    {"EE", "EE", "999999999"},
    {"ES", "ES", "X9999999X"},
    {"FI", "FI", "99999999"},
    {"FR", "FR", "XX999999999"},
    {"GB", "GB", "999999999|999999999999|GD999|HA999"},
    {"GR", "EL", "999999999"},
    {"HR", "HR", "99999999999"},
    {"HU", "HU", "99999999"},
    {"IE", "IE", "9X99999A|9999999AA"},
    {"IT", "IT", "99999999999"},
    {"LT", "LT", "999999999|999999999999"},
    {"LU", "LU", "99999999"},
    {"LV", "LV", "99999999999"},
    {"MT", "MT", "99999999"},
    {"NL", "NL", "999999999B99"},
    {"PL", "PL", "9999999999"},
    {"PT", "PT", "999999999"},
    {"RO", "RO", "99|999|9999|99999|999999|9999999|99999999|999999999|9999999999"},
    {"SE", "SE", "999999999999"},
    {"SI", "SI", "99999999"},
    {"SK", "SK", "9999999999"},
};

constexpr size_t kMostExamples = 3;

bool IsTaxIdChar(char form, char typed) {
  const auto c = static_cast<unsigned char>(typed);
  switch (form) {
    case '9':
      return absl::ascii_isdigit(c);
    case 'A':
      return absl::ascii_isupper(c);
    case 'X':
      return absl::ascii_isdigit(c) || absl::ascii_isupper(c);
    default:
      return form == typed;
  }
}

bool IsOfAForm(absl::string_view forms, absl::string_view number) {
  return absl::c_any_of(absl::StrSplit(forms, '|'), [&](absl::string_view form) {
    return std::equal(form.begin(), form.end(), number.begin(), number.end(), IsTaxIdChar);
  });
}

// A number of the form, with rising digits.
std::string ExampleOf(absl::string_view prefix, absl::string_view form) {
  std::string example(prefix);
  int digit = 0;
  for (const char c : form) {
    const bool is_digit = c == '9' || c == 'X';
    example.push_back(is_digit ? static_cast<char>('0' + ++digit % 10) : c);
  }
  return example;
}

const TaxIdForms* FindForms(absl::string_view country) {
  const auto* const found = absl::c_find_if(kTaxIdForms, [&](const TaxIdForms& one) { return one.country == country; });
  return found == std::end(kTaxIdForms) ? nullptr : found;
}

std::string Compact(absl::string_view typed) {
  std::string compact;
  for (const char c : typed) {
    if (c != ' ' && c != '.' && c != '-') compact.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  return compact;
}

}  // namespace

std::string TaxIdExamples(absl::string_view country, const Language& language) {
  const TaxIdForms* const forms = FindForms(country);
  if (forms == nullptr) return "";
  std::vector<absl::string_view> all = absl::StrSplit(forms->forms, '|');
  if (all.size() > kMostExamples) all = {all.front(), all.back()};
  std::string examples = ExampleOf(forms->prefix, all.front());
  for (size_t i = 1; i < all.size(); ++i) {
    examples = language.Format("form.tax_id_or", {{"one", examples}, {"other", ExampleOf(forms->prefix, all[i])}});
  }
  return examples;
}

absl::StatusOr<std::string> NormalTaxId(absl::string_view country, absl::string_view typed, const Language& language) {
  if (typed.empty()) return std::string();
  if (const TaxIdForms* const forms = FindForms(country); forms != nullptr) {
    const std::string compact = Compact(typed);
    absl::string_view number = compact;
    absl::ConsumePrefix(&number, forms->prefix);
    if (IsOfAForm(forms->forms, number)) return absl::StrCat(forms->prefix, number);
    return absl::InvalidArgumentError(language.Format(
        "error.tax_id", {{"country", language.CountryText(country)}, {"examples", TaxIdExamples(country, language)}}));
  }
  if (IsPrintableAscii(typed)) return std::string(typed);
  return absl::InvalidArgumentError(language.Text("error.tax_id_letters"));
}

}  // namespace countersign::link::web
