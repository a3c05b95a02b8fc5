#include "link-service/src/web/http_head.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace countersign::link::web {
namespace {

constexpr size_t kMaxLengthDigits = 18;

// A character of a field's name or a method (RFC 9110, 5.6.2).
bool IsTokenChar(char c) { return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-.^_`|~", c); }

bool IsToken(absl::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar); }

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// Of a field's value: anything but control characters, of which the tab alone is allowed.
bool IsValue(absl::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c) && c != '\t'; });
}

// "host", "host:port" or "[IPv6]:port", as far as characters tell.
bool IsAuthority(absl::string_view text) {
  const bool is_literal = absl::ConsumePrefix(&text, "[");
  const size_t end = text.find(is_literal ? ']' : ':');
  absl::string_view host = text.substr(0, end);
  absl::string_view port = end == absl::string_view::npos ? "" : text.substr(end + (is_literal ? 1 : 0));
  if (is_literal && end == absl::string_view::npos) return false;
  if (absl::ConsumePrefix(&port, ":") ? !port.empty() && !IsDigits(port) : !port.empty()) return false;
  const absl::string_view others = is_literal ? ":.%" : "-._~%!$&'()*+,;=";
  return !host.empty() && std::all_of(host.begin(), host.end(), [others](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains(others, c);
  });
}

// METHOD SP target SP HTTP/1.0 or HTTP/1.1; `is_old` says which.
bool IsRequestLine(absl::string_view line, bool& is_old) {
  const size_t first = line.find(' ');
  const size_t second = line.rfind(' ');
  if (first == absl::string_view::npos || first == second || !IsToken(line.substr(0, first))) return false;
  const absl::string_view target = line.substr(first + 1, second - first - 1);
  const absl::string_view version = line.substr(second + 1);
  is_old = version == "HTTP/1.0";
  return (is_old || version == "HTTP/1.1") && !target.empty() &&
         std::all_of(target.begin(), target.end(),
                     [](unsigned char c) { return (absl::ascii_isgraph(c) && c != '#') || c >= 0x80; });
}

}  // namespace

HeadResult HeadReader::Refuse(int status) {
  status_ = status;
  return HeadResult::kRefused;
}

int HeadReader::CheckField(absl::string_view line) {
  const size_t colon = line.find(':');
  // A folded line begins with white space, which is no token either.
  if (colon == absl::string_view::npos || !IsToken(line.substr(0, colon)) || !IsValue(line)) return 400;
  const absl::string_view name = line.substr(0, colon);
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (absl::EqualsIgnoreCase(name, "Host") && (++hosts_ > 1 || !IsAuthority(value))) return 400;
  if (absl::EqualsIgnoreCase(name, "Content-Length") &&
      (++lengths_ > 1 || !IsDigits(value) || value.size() > kMaxLengthDigits)) {
    return 400;
  }
  const bool is_encoding = absl::EqualsIgnoreCase(name, "Transfer-Encoding");
  return is_encoding && (++encodings_ > 1 || !absl::EqualsIgnoreCase(value, "chunked")) ? 501 : 0;
}

int HeadReader::CheckLine(absl::string_view line) {
  if (!absl::ConsumeSuffix(&line, "\r\n")) return 400;
  if (line_at_ == 0) return IsRequestLine(line, is_old_) ? 0 : 400;
  return line.empty() ? 0 : CheckField(line);
}

HeadResult HeadReader::Read(absl::string_view bytes) {
  const absl::string_view all = bytes.substr(0, max_bytes_);
  for (;;) {
    const size_t feed = all.find('\n', searched_);
    if (feed == absl::string_view::npos) {
      searched_ = all.size();
      // Bytes that cannot become a request, such as a TLS handshake, are refused at once.
      if (!all.empty() && !IsTokenChar(all.front())) return Refuse(400);
      return bytes.size() >= max_bytes_ ? Refuse(431) : HeadResult::kIncomplete;
    }
    const absl::string_view line = all.substr(line_at_, feed + 1 - line_at_);
    if (const int status = CheckLine(line); status != 0) return Refuse(status);
    if (line == "\r\n") break;
    line_at_ = searched_ = feed + 1;
  }
  const bool is_ambiguous = encodings_ > 0 && (lengths_ > 0 || is_old_);
  return is_ambiguous || (hosts_ == 0 && !is_old_) ? Refuse(400) : HeadResult::kGood;
}

}  // namespace countersign::link::web
