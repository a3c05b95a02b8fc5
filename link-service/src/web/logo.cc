#include "link-service/src/web/logo.h"

#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/status_macros.h"

namespace countersign::link {
namespace {

constexpr absl::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
constexpr size_t kLogoHashBytes = 8;

// Active content, which has no place in a picture. Browsers run no script of an <img>, and the page's policy forbids
// the rest; but an address can be opened by itself.
constexpr absl::string_view kActiveParts[] = {"<script", "<foreignobject", "<!entity",   "<!doctype", "javascript:",
                                              "@import", "href=\"http",    "href='http", "url(http",  "<iframe"};

bool HasEventHandler(absl::string_view lower) {
  for (size_t at = lower.find(" on"); at != absl::string_view::npos; at = lower.find(" on", at + 1)) {
    size_t end = at + 3;
    while (end < lower.size() && absl::ascii_isalpha(static_cast<unsigned char>(lower[end]))) ++end;
    if (end < lower.size() && lower[end] == '=') return true;
  }
  return false;
}

absl::Status CheckSvg(absl::string_view bytes) {
  std::string lower = absl::AsciiStrToLower(bytes);
  for (char& c : lower) {
    if (absl::ascii_isspace(static_cast<unsigned char>(c))) c = ' ';
  }
  if (!absl::StrContains(lower, "<svg")) {
    return absl::InvalidArgumentError("The logo must be a PNG or an SVG.");
  }
  for (const absl::string_view part : kActiveParts) {
    if (absl::StrContains(lower, part)) {
      return absl::InvalidArgumentError(absl::StrCat("The logo has \"", part, "\"; it must be a picture alone."));
    }
  }
  if (HasEventHandler(lower)) return absl::InvalidArgumentError("The logo has an event handler; take it out.");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Logo>> LogoOf(absl::string_view bytes) {
  if (bytes.empty() || bytes.size() > kMaxLogoBytes) {
    return absl::InvalidArgumentError("The logo must have 1 byte to 64 KiB.");
  }
  auto logo = std::make_shared<Logo>();
  logo->bytes = std::string(bytes);
  const bool png = absl::StartsWith(bytes, kPngSignature);
  if (!png) RETURN_IF_ERROR(CheckSvg(bytes));
  logo->content_type = png ? "image/png" : "image/svg+xml";
  logo->path = absl::StrCat("/assets/logo-", absl::BytesToHexString(Sha256(bytes).substr(0, kLogoHashBytes)),
                            png ? ".png" : ".svg");
  return logo;
}

absl::StatusOr<std::shared_ptr<const Logo>> LoadLogo(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) return absl::NotFoundError("The file cannot be read.");
  return LogoOf(bytes);
}

namespace web {

HttpResponse LogoResponse(const Logo& logo) {
  HttpResponse response;
  response.headers.Set("Content-Type", logo.content_type);
  response.headers.Set("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.Set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");
  response.body = logo.bytes;
  return response;
}

}  // namespace web
}  // namespace countersign::link
