#include "common/rpc/fields.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/country.h"
#include "common/base/text.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::rpc {
namespace {

constexpr int kMaxAddressPartChars = 200;
constexpr int kMaxAddressLines = 5;
constexpr size_t kMaxEmailBytes = 254;  // RFC 5321's path, without the angle brackets.

// The fault of a trimmed text; empty if none.
std::string TextProblem(absl::string_view text, int min_chars, int max_chars, TextShape shape) {
  const auto [fault, chars] = CheckText(text, shape);
  switch (fault) {
    case TextFault::kNotUtf8:
      return "must be valid UTF-8";
    case TextFault::kControl:
      return "must not contain control characters";
    case TextFault::kInvisible:
      return "must not contain invisible characters, such as zero-width spaces and marks of direction";
    case TextFault::kStackedMarks:
      return absl::StrCat("must not have more than ", kMaxStackedMarks, " marks on one character");
    case TextFault::kNone:
      break;
  }
  if (chars == 0 && min_chars > 0) return absl::StrCat("is required: ", min_chars, " to ", max_chars, " characters");
  if (chars < min_chars || chars > max_chars) {
    return absl::StrCat("must have ", min_chars, " to ", max_chars, " characters");
  }
  return "";
}

std::string Checked(FieldViolations& violations, absl::string_view field, absl::string_view value,
                    const std::string& problem) {
  if (problem.empty()) return std::string(value);
  violations.Add(field, problem);
  return "";
}

// The value of `result`; its error is recorded and a default value stands in.
template <typename T>
T ValueOrViolation(FieldViolations& violations, absl::string_view field, absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  violations.Add(field, result.status().message());
  return T();
}

bool IsPresent(FieldViolations& violations, absl::string_view field, bool present) {
  if (!present) violations.Add(field, "is required");
  return present;
}

bool IsMailbox(absl::string_view value) {
  const size_t at = value.find('@');
  if (value.size() > kMaxEmailBytes || at == 0 || at == absl::string_view::npos) return false;
  const absl::string_view domain = value.substr(at + 1);
  return !domain.empty() && !absl::StrContains(domain, '@') && domain.front() != '.' && domain.back() != '.' &&
         std::all_of(value.begin(), value.end(), [](char c) { return absl::ascii_isgraph(c) && c != '<' && c != '>'; });
}

}  // namespace

std::string RequireText(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                        int max_chars) {
  const absl::string_view text = TrimText(value);
  return Checked(violations, field, text, TextProblem(text, min_chars, max_chars, TextShape::kLine));
}

std::string RequireAscii(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                         int max_chars) {
  if (!IsPrintableAscii(value)) {
    violations.Add(field, "must be printable ASCII");
    return "";
  }
  return RequireText(violations, field, value, min_chars, max_chars);
}

std::string RequireLines(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                         int max_chars) {
  const absl::string_view text = TrimText(value);
  return Checked(violations, field, text, TextProblem(text, min_chars, max_chars, TextShape::kLines));
}

std::string RequireEmail(FieldViolations& violations, absl::string_view field, absl::string_view value, bool optional) {
  const absl::string_view mailbox = TrimText(value);
  if (mailbox.empty() && optional) return "";
  return Checked(violations, field, mailbox,
                 IsMailbox(mailbox) ? "" : "must be an e-mail address of at most 254 ASCII characters");
}

std::vector<Uuid> RequireName(FieldViolations& violations, absl::string_view field, absl::string_view pattern,
                              absl::string_view value) {
  absl::StatusOr<std::vector<Uuid>> ids = ParseName(pattern, value);
  if (ids.ok()) return *std::move(ids);
  violations.Add(field, ids.status().message());
  return std::vector<Uuid>(static_cast<size_t>(std::count(pattern.begin(), pattern.end(), '{')));
}

Uuid RequireUuid(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const absl::StatusOr<Uuid> id = Uuid::Parse(value);
  if (id.ok()) return *id;
  violations.Add(field, "must be a lower-case UUID");
  return Uuid();
}

int64_t RequireQuantity(FieldViolations& violations, absl::string_view field, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return value;
  violations.Add(field, absl::StrCat("must be ", min, " to ", max));
  return 0;
}

std::string RequireCurrency(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  return Checked(violations, field, value,
                 MinorUnitDigits(value).ok() ? "" : "must be an ISO 4217 currency code, for example USD");
}

Money RequireMoney(FieldViolations& violations, absl::string_view field, bool present, const google::type::Money& value,
                   Sign sign) {
  if (!IsPresent(violations, field, present)) return Money();
  Money money = ValueOrViolation(violations, field, FromProto(value));
  if (money.currency().empty()) return Money();
  const bool in_range = sign == Sign::kAny || money.micros() > 0 || (sign == Sign::kNotNegative && money.is_zero());
  if (in_range) return money;
  violations.Add(field, sign == Sign::kPositive ? "must be more than zero" : "must not be negative");
  return Money();
}

Date RequireDate(FieldViolations& violations, absl::string_view field, bool present, const google::type::Date& value) {
  return IsPresent(violations, field, present) ? ValueOrViolation(violations, field, FromProto(value)) : Date();
}

absl::Time RequireTime(FieldViolations& violations, absl::string_view field, bool present,
                       const google::protobuf::Timestamp& value) {
  return IsPresent(violations, field, present) ? ValueOrViolation(violations, field, FromProto(value)) : absl::Time();
}

void RequireEnum(FieldViolations& violations, absl::string_view field, int value,
                 const google::protobuf::EnumDescriptor* type) {
  if (value != 0 && type->FindValueByNumber(value) != nullptr) return;
  std::vector<absl::string_view> names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0) names.push_back(type->value(i)->name());
  }
  violations.Add(field, absl::StrCat(value == 0 ? "is required" : absl::StrCat("has no value ", value), ": one of ",
                                     absl::StrJoin(names, ", ")));
}

std::string RequireCountry(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  if (!IsCountry(value)) {
    violations.Add(field, "must be the code of a country, ISO 3166-1: two upper-case letters, such as US");
  }
  return std::string(value);
}

PostalAddress RequireAddress(FieldViolations& violations, absl::string_view field, bool present,
                             const google::type::PostalAddress& value) {
  PostalAddress address;
  if (!IsPresent(violations, field, present)) return address;
  const auto part = [&](absl::string_view name, absl::string_view text) {
    return RequireText(violations, absl::StrCat(field, ".", name), text, 0, kMaxAddressPartChars);
  };
  const auto parts = [&](absl::string_view name, const auto& texts) {
    std::vector<std::string> checked;
    if (texts.size() > kMaxAddressLines) {
      violations.Add(absl::StrCat(field, ".", name), absl::StrCat("must have at most ", kMaxAddressLines, " entries"));
      return checked;
    }
    for (int i = 0; i < texts.size(); ++i) checked.push_back(part(absl::StrFormat("%s[%d]", name, i), texts.Get(i)));
    return checked;
  };
  address.region_code = RequireCountry(violations, absl::StrCat(field, ".region_code"), value.region_code());
  address.postal_code = part("postal_code", value.postal_code());
  address.administrative_area = part("administrative_area", value.administrative_area());
  address.locality = part("locality", value.locality());
  address.address_lines = parts("address_lines", value.address_lines());
  address.recipients = parts("recipients", value.recipients());
  address.organization = part("organization", value.organization());
  const auto is_blank = [](const std::string& line) { return TrimText(line).empty(); };
  if (is_blank(value.locality()) && absl::c_all_of(value.address_lines(), is_blank)) {
    violations.Add(absl::StrCat(field, ".address_lines"), "is required where there is no locality");
  }
  return address;
}

}  // namespace countersign::rpc
