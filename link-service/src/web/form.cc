#include "link-service/src/web/form.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/hex.h"
#include "common/base/text.h"

namespace countersign::link::web {
namespace {

constexpr absl::string_view kContentType = "application/x-www-form-urlencoded";

absl::Status CheckContentType(absl::string_view content_type) {
  const std::vector<absl::string_view> parts = absl::StrSplit(content_type, ';');
  if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts[0]), kContentType)) {
    return absl::InvalidArgumentError(absl::StrCat("the content type must be ", kContentType));
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (!absl::EqualsIgnoreCase(parameter, "charset=utf-8")) {
      return absl::InvalidArgumentError("the only parameter of the content type may be charset=UTF-8");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Decode(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else if (i + 2 < text.size() && absl::ascii_isxdigit(text[i + 1]) && absl::ascii_isxdigit(text[i + 2])) {
      decoded += HexToBytes(text.substr(i + 1, 2));
      i += 2;
    } else {
      return absl::InvalidArgumentError("a percent sign must be followed by two hexadecimal digits");
    }
  }
  if (CheckText(decoded, TextShape::kLines).fault == TextFault::kNotUtf8) {
    return absl::InvalidArgumentError("the form must be valid UTF-8");
  }
  if (absl::StrContains(decoded, '\0')) return absl::InvalidArgumentError("the form must not hold NUL");
  return decoded;
}

}  // namespace

absl::StatusOr<Form> Form::Parse(absl::string_view content_type, absl::string_view body) {
  if (absl::Status status = CheckContentType(content_type); !status.ok()) return status;
  Form form;
  if (body.empty()) return form;
  for (absl::string_view pair : absl::StrSplit(body, '&')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    absl::StatusOr<std::string> name = Decode(parts.first);
    if (!name.ok()) return name.status();
    absl::StatusOr<std::string> value = Decode(parts.second);
    if (!value.ok()) return value.status();
    if (name->empty() || name->size() > kMaxNameBytes) {
      return absl::InvalidArgumentError(absl::StrCat("a field's name must have 1 to ", kMaxNameBytes, " bytes"));
    }
    if (value->size() > kMaxValueBytes) {
      return absl::InvalidArgumentError(absl::StrCat("a field must have at most ", kMaxValueBytes, " bytes"));
    }
    if (!form.fields_.emplace(*std::move(name), *std::move(value)).second) {
      return absl::InvalidArgumentError("a field must not be given twice");
    }
    if (form.fields_.size() > kMaxFields) {
      return absl::InvalidArgumentError(absl::StrCat("a form must have at most ", kMaxFields, " fields"));
    }
  }
  return form;
}

const std::string& Form::Get(absl::string_view name) const {
  static const std::string* const kNone = new std::string();
  const auto field = fields_.find(name);
  return field == fields_.end() ? *kNone : field->second;
}

}  // namespace countersign::link::web
