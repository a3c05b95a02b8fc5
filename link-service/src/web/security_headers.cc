#include "link-service/src/web/security_headers.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace countersign::link::web {
namespace {

constexpr std::pair<absl::string_view, absl::string_view> kSecurityHeaders[] = {
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
    {"X-Robots-Tag", "noindex"},
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri "
     "'none'"},
};

}  // namespace

void AddSecurityHeaders(HttpResponse* response) {
  for (const auto& [name, value] : kSecurityHeaders) response->headers.SetDefault(name, value);
}

bool IsCrossSitePost(const HttpRequest& request) {
  if (request.method != HttpMethod::kPost || !request.headers.Has("Sec-Fetch-Site")) return false;
  const std::string site = request.headers.GetList("Sec-Fetch-Site");
  return site != "same-origin" && site != "none";
}

}  // namespace countersign::link::web
