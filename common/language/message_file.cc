#include "common/language/message_file.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace countersign {
namespace {

constexpr absl::string_view kOpen = "[[", kClose = "]]";

}  // namespace

absl::StatusOr<Messages> ParseMessages(absl::string_view file) {
  Messages messages;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(file, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
    const absl::string_view key = absl::StripAsciiWhitespace(parts.first);
    const absl::string_view text = absl::StripAsciiWhitespace(parts.second);
    if (key.empty() || text.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("Line ", number, " is no message: write \"key = text\"."));
    }
    if (!messages.emplace(key, text).second) {
      return absl::InvalidArgumentError(absl::StrCat("Line ", number, ": ", key, " is there already."));
    }
  }
  return messages;
}

std::vector<std::string> KeysIn(absl::string_view text) {
  std::vector<std::string> keys;
  for (size_t at = text.find(kOpen); at != absl::string_view::npos; at = text.find(kOpen, at)) {
    const size_t begin = at + kOpen.size(), end = text.find(kClose, begin);
    if (end == absl::string_view::npos) break;
    keys.emplace_back(text.substr(begin, end - begin));
    at = end;
  }
  return keys;
}

std::string WithMessages(absl::string_view text, const Messages& messages) {
  std::string filled(text);
  for (const std::string& key : KeysIn(text)) {
    const auto found = messages.find(key);
    if (found == messages.end()) continue;
    const std::string message = absl::StrReplaceAll(found->second, {{"{", "{{"}, {"}", "}}"}});
    filled = absl::StrReplaceAll(filled, {{absl::StrCat(kOpen, key, kClose), message}});
  }
  return filled;
}

}  // namespace countersign
