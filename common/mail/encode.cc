#include "common/mail/encode.h"

#include <cstddef>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/text.h"

namespace countersign::mail {
namespace {

// 39 bytes are 52 characters of base64: with =?UTF-8?B? and ?= 64, so that with "Subject: " a line stays below the 76
// that RFC 2047 allows.
constexpr size_t kWordBytes = 39;
constexpr size_t kPlainHeader = 60;  // A line of ASCII up to here needs no folding, whatever the header's name is.
constexpr size_t kQuotedLine = 75;   // RFC 2045 allows 76; the soft line break takes one.

unsigned char ByteAt(absl::string_view text, size_t i) { return static_cast<unsigned char>(text[i]); }

// The length of the UTF-8 character at `i`; 0 where there is none.
size_t CharacterAt(absl::string_view text, size_t i) {
  const unsigned char first = ByteAt(text, i);
  const size_t length = first < 0x80                    ? 1
                        : first >= 0xC2 && first < 0xE0 ? 2
                        : first >= 0xE0 && first < 0xF0 ? 3
                        : first >= 0xF0 && first < 0xF5 ? 4
                                                        : 0;
  if (length == 0 || i + length > text.size()) return 0;
  for (size_t k = 1; k < length; ++k) {
    if ((ByteAt(text, i + k) & 0xC0) != 0x80) return 0;
  }
  if (length < 3) return length;
  // Longer than needed, a surrogate, or beyond U+10FFFF.
  const unsigned char second = ByteAt(text, i + 1);
  const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return wrong ? 0 : length;
}

std::string EncodedWords(absl::string_view text) {
  std::vector<std::string> words;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size();) {
    const size_t length = i < text.size() ? CharacterAt(text, i) : 1;
    if (i == text.size() || i + length - begin > kWordBytes) {
      words.push_back(absl::StrCat("=?UTF-8?B?", absl::Base64Escape(text.substr(begin, i - begin)), "?="));
      begin = i;
    }
    i += length;
  }
  return absl::StrJoin(words, "\r\n ");
}

// One line of quoted-printable, with soft line breaks.
void AppendQuoted(absl::string_view line, std::string& out) {
  size_t column = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const unsigned char c = ByteAt(line, i);
    const bool at_end = i + 1 == line.size();
    // A full stop alone on a line would end the message for a careless relay; a blank at the end gets lost.
    const bool plain =
        (c > 0x20 && c < 0x7F && c != '=' && !(c == '.' && column == 0)) || ((c == ' ' || c == '\t') && !at_end);
    const std::string part = plain ? std::string(1, line[i]) : absl::StrFormat("=%02X", c);
    if (column + part.size() > kQuotedLine) {
      out.append("=\r\n");
      column = 0;
    }
    out.append(part);
    column += part.size();
  }
  out.append("\r\n");
}

}  // namespace

bool IsOneLineOfUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterAt(text, i);
    const unsigned char first = ByteAt(text, i);
    if (length == 0 || first < 0x20 || first == 0x7F) return false;
    if (first == 0xC2 && ByteAt(text, i + 1) < 0xA0) return false;
    i += length;
  }
  return true;
}

std::string HeaderText(absl::string_view text) {
  // "=?" in plain text could be read as an encoded word.
  const bool plain = IsPrintableAscii(text) && text.size() <= kPlainHeader && !absl::StrContains(text, "=?");
  return plain ? std::string(text) : EncodedWords(text);
}

std::string DisplayName(absl::string_view name) {
  if (!IsPrintableAscii(name) || name.size() > kPlainHeader || absl::StrContains(name, "=?")) return EncodedWords(name);
  if (name.find_first_of("()<>[]:;@\\,.\"") == absl::string_view::npos) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string QuotedPrintable(absl::string_view text) {
  std::string out;
  if (absl::EndsWith(text, "\n")) text.remove_suffix(1);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    AppendQuoted(absl::StripSuffix(line, "\r"), out);
  }
  return out;
}

}  // namespace countersign::mail
