#include "link-service/src/api/agreements.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "link-service/web_files.h"

namespace countersign::link {
namespace {

// std::string_view and absl::string_view are two types in some builds of Abseil.
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::optional<absl::string_view> AgreementText(absl::string_view version) {
  const std::string name = absl::StrCat("agreements/", version, ".txt");
  for (const EmbeddedFile& file : web::kWebFiles) {
    if (View(file.name) == name) return View(file.contents);
  }
  return std::nullopt;
}

Agreement AgreementOf(absl::string_view text) {
  const size_t line_end = std::min(text.find('\n'), text.size());
  return {absl::StripAsciiWhitespace(text.substr(0, line_end)), absl::StripAsciiWhitespace(text.substr(line_end))};
}

const std::string& TemplateVersion() {
  static const std::string* const kVersion = [] {
    std::string all;
    for (const EmbeddedFile& file : web::kWebFiles) {
      const absl::string_view name = View(file.name);
      const bool shows = absl::EndsWith(name, ".mustache") || absl::StartsWith(name, "messages/");
      if (shows) absl::StrAppend(&all, Sha256(name), Sha256(View(file.contents)));
    }
    return new std::string(absl::BytesToHexString(Sha256(all)));
  }();
  return *kVersion;
}

}  // namespace countersign::link
