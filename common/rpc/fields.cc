#include "common/rpc/fields.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::rpc {
namespace {

constexpr int kMaxAddressPartChars = 200;
constexpr int kMaxAddressLines = 5;
constexpr size_t kMaxEmailBytes = 254;  // RFC 5321's path, without the angle brackets.

// Decodes the character at the beginning of `text` and takes it away; nullopt when it is not UTF-8 (overlong forms,
// surrogates and values above U+10FFFF included).
std::optional<char32_t> TakeCharacter(absl::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t length = byte(0) < 0x80         ? 1
                        : byte(0) >> 5 == 0x6  ? 2
                        : byte(0) >> 4 == 0xE  ? 3
                        : byte(0) >> 3 == 0x1E ? 4
                                               : 0;
  if (length == 0 || text.size() < length) return std::nullopt;
  char32_t value = length == 1 ? byte(0) : byte(0) & (0xFF >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    value = (value << 6) | (byte(i) & 0x3F);
  }
  constexpr char32_t kFirstOfLength[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kFirstOfLength[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

// C0, DEL, C1, the line and paragraph separators, and the marks that turn the direction of text: none of them belongs
// in a name, and some make a page show something else than is stored.
bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF;
}

enum class Shape { kLine, kLines };

// What is wrong with `text`; empty when nothing is.
std::string TextProblem(absl::string_view text, int min_chars, int max_chars, Shape shape) {
  int chars = 0;
  for (absl::string_view rest = text; !rest.empty(); ++chars) {
    const std::optional<char32_t> c = TakeCharacter(rest);
    if (!c.has_value()) return "must be valid UTF-8";
    const bool allowed = shape == Shape::kLines && (*c == '\n' || *c == '\t');
    if (!allowed && IsControl(*c)) return "must not contain control characters";
  }
  if (chars == 0 && min_chars > 0) return absl::StrCat("is required: ", min_chars, " to ", max_chars, " characters");
  if (chars < min_chars || chars > max_chars) {
    return absl::StrCat("must have ", min_chars, " to ", max_chars, " characters");
  }
  if (shape == Shape::kLine && text != absl::StripAsciiWhitespace(text)) {
    return "must not begin or end with white space";
  }
  if (min_chars > 0 && absl::StripAsciiWhitespace(text).empty()) return "must not be blank";
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
  return Checked(violations, field, value, TextProblem(value, min_chars, max_chars, Shape::kLine));
}

std::string RequireAscii(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                         int max_chars) {
  if (!std::all_of(value.begin(), value.end(), [](unsigned char c) { return absl::ascii_isprint(c); })) {
    violations.Add(field, "must be printable ASCII");
    return "";
  }
  return RequireText(violations, field, value, min_chars, max_chars);
}

std::string RequireLines(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                         int max_chars) {
  return Checked(violations, field, value, TextProblem(value, min_chars, max_chars, Shape::kLines));
}

std::string RequireEmail(FieldViolations& violations, absl::string_view field, absl::string_view value, bool optional) {
  if (value.empty() && optional) return "";
  return Checked(violations, field, value,
                 IsMailbox(value) ? "" : "must be an e-mail address of at most 254 ASCII characters");
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
  if (value == 0) {
    violations.Add(field, "is required");
  } else if (type->FindValueByNumber(value) == nullptr) {
    violations.Add(field, absl::StrCat("has no value ", value));
  }
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
  const std::string& region = value.region_code();
  if (region.size() != 2 || !absl::ascii_isupper(region[0]) || !absl::ascii_isupper(region[1])) {
    violations.Add(absl::StrCat(field, ".region_code"), "must be a CLDR region code of two upper-case letters");
  } else {
    address.region_code = region;
  }
  address.postal_code = part("postal_code", value.postal_code());
  address.administrative_area = part("administrative_area", value.administrative_area());
  address.locality = part("locality", value.locality());
  address.address_lines = parts("address_lines", value.address_lines());
  address.recipients = parts("recipients", value.recipients());
  address.organization = part("organization", value.organization());
  if (value.locality().empty() && value.address_lines().empty()) {
    violations.Add(absl::StrCat(field, ".address_lines"), "is required where there is no locality");
  }
  return address;
}

}  // namespace countersign::rpc
