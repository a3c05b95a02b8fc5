#include "link-service/src/web/agreements.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/crypto.h"
#include "common/base/text.h"
#include "link-service/web_files.h"

namespace countersign::link {
namespace {

constexpr absl::string_view kFolder = "agreements/";
constexpr absl::string_view kEnding = ".txt";
constexpr size_t kMaxVersionChars = 64;
constexpr size_t kMaxTextBytes = 256 << 10;

// std::string_view and absl::string_view are two types in some builds of Abseil.
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool IsVersion(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxVersionChars && absl::c_all_of(name, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-';
  });
}

// The fault of an agreement's file; empty if none.
absl::string_view FaultOf(absl::string_view version, absl::string_view text) {
  if (!IsVersion(version)) return "its name must be VERSION.txt, of 1 to 64 letters, digits, \".\" and \"-\"";
  if (text.size() > kMaxTextBytes) return "it must have 256 KiB at most";
  if (CheckText(text, TextShape::kLines).fault != TextFault::kNone) {
    return "it must be UTF-8 text without control and invisible characters";
  }
  const Agreement agreement = AgreementOf(text);
  if (agreement.title.empty() || agreement.body.empty()) return "it must have a title in its first line, and a text";
  return "";
}

}  // namespace

Agreement AgreementOf(absl::string_view text) {
  const size_t line_end = std::min(text.find('\n'), text.size());
  return {absl::StripAsciiWhitespace(text.substr(0, line_end)), absl::StripAsciiWhitespace(text.substr(line_end))};
}

Agreements::Agreements() {
  for (const EmbeddedFile& file : web::kWebFiles) {
    absl::string_view name = View(file.name);
    if (absl::ConsumePrefix(&name, kFolder) && absl::ConsumeSuffix(&name, kEnding)) {
      texts_.emplace(name, View(file.contents));
    }
  }
}

absl::StatusOr<Agreements> Agreements::Load(const std::string& directory) {
  std::error_code error;
  Agreements loaded;
  std::swap(loaded.texts_, loaded.made_up_);
  std::filesystem::directory_iterator entries(directory, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    absl::string_view version = name;
    // A mounted ConfigMap has folders of its own beside the files, whose names begin with a dot.
    if (absl::StartsWith(name, ".") || !absl::ConsumeSuffix(&version, kEnding)) continue;
    std::ifstream file(entries->path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const absl::string_view fault = file.good() ? FaultOf(version, text) : "it cannot be read";
    if (!fault.empty()) return absl::InvalidArgumentError(absl::StrCat(directory, "/", name, ": ", fault, "."));
    loaded.texts_.emplace(version, text);
  }
  if (error) return absl::NotFoundError(absl::StrCat(directory, ": ", error.message(), "."));
  if (loaded.texts_.empty()) return Agreements();
  loaded.are_made_up_ = false;
  return loaded;
}

std::optional<absl::string_view> Agreements::Find(absl::string_view version) const {
  for (const Texts* texts : {&texts_, &made_up_}) {
    if (const auto found = texts->find(version); found != texts->end()) return found->second;
  }
  return std::nullopt;
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
