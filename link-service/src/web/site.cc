#include "link-service/src/web/site.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "link-service/src/web/compress.h"
#include "link-service/src/web/language_choice.h"
#include "link-service/src/web/logo.h"
#include "link-service/src/web/notice_page.h"
#include "link-service/src/web/public_url.h"
#include "link-service/src/web/security_headers.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

// Below this size a compressed answer fits in no fewer packets.
constexpr size_t kLeastCompressed = 1000;

HttpResponse ErrorPage(const Vendor& vendor, int status, absl::string_view trace_id, const Language& language) {
  HttpResponse response = HtmlResponse(status, RenderErrorPage(vendor, status, trace_id, language));
  AddSecurityHeaders(&response);
  return response;
}

HttpResponse StylesheetResponse(const Vendor& vendor, const HttpRequest& request) {
  const Stylesheet& sheet = StylesheetOf(vendor);
  HttpResponse response;
  response.headers.Set("Content-Type", "text/css; charset=utf-8");
  response.headers.Set("Cache-Control", "public, max-age=31536000, immutable");  // Its path changes with its content.
  response.headers.Set("Vary", "Accept-Encoding");
  const bool gzip = AcceptsGzip(request.headers.GetList("Accept-Encoding"));
  if (gzip) response.headers.Set("Content-Encoding", "gzip");
  response.body = gzip ? sheet.gzip : sheet.text;
  AddSecurityHeaders(&response);
  return response;
}

HttpResponse Favicon() {
  HttpResponse response;
  response.headers.Set("Content-Type", "image/x-icon");
  response.headers.Set("Cache-Control", "public, max-age=86400");
  response.body = std::string(WebFile("favicon.ico"));
  AddSecurityHeaders(&response);
  return response;
}

// No secret of the reader stands beside text that somebody else chose and measures, so compressing gives nothing away:
// the link's secret is in no page.
void Compress(const HttpRequest& request, HttpResponse& response) {
  if (response.body.size() < kLeastCompressed || !AcceptsGzip(request.headers.GetList("Accept-Encoding"))) return;
  response.body = Gzip(response.body);
  response.headers.Set("Content-Encoding", "gzip");
}

// A proxy may pass the public URL's path on or not.
HttpRequest WithoutPrefix(const HttpRequest& request, absl::string_view prefix) {
  HttpRequest inner = request;
  if (!prefix.empty() && absl::StartsWith(request.path, absl::StrCat(prefix, "/"))) inner.path.erase(0, prefix.size());
  return inner;
}

HttpResponse Answer(const Vendor& vendor, const HttpHandler& pages, const HttpRequest& request) {
  if (absl::StartsWith(request.path, "/assets/")) {
    if (vendor.logo != nullptr && request.path == vendor.logo->path && request.method != HttpMethod::kPost) {
      HttpResponse response = LogoResponse(*vendor.logo);
      AddSecurityHeaders(&response);
      return response;
    }
    const bool found = request.path == StylesheetPath(vendor) && request.method != HttpMethod::kPost;
    return found ? StylesheetResponse(vendor, request) : ErrorPage(vendor, 404, request.trace_id, LanguageOf(request));
  }
  if (request.path == "/favicon.ico" && request.method != HttpMethod::kPost) return Favicon();
  if (IsCrossSitePost(request)) return ErrorPage(vendor, 403, request.trace_id, LanguageOf(request));
  HttpResponse response = pages(request);
  AddSecurityHeaders(&response);
  Compress(request, response);
  return response;
}

}  // namespace

HttpHandler Site(Vendor vendor, HttpHandler pages) {
  const std::string prefix = PathOfUrl(vendor.public_url);
  return [vendor = std::move(vendor), pages = std::move(pages), prefix](const HttpRequest& request) {
    if (prefix.empty()) return Answer(vendor, pages, request);
    HttpResponse response = Answer(vendor, pages, WithoutPrefix(request, prefix));
    if (const std::string location(response.headers.Get("Location")); absl::StartsWith(location, "/")) {
      response.headers.Set("Location", absl::StrCat(prefix, location));
    }
    return response;
  };
}

void SetSiteErrorPages(const Vendor& vendor, HttpServerOptions* options) {
  options->error_page = [vendor](int status, absl::string_view trace_id) {
    return ErrorPage(vendor, status, trace_id, English());  // There may be no header to choose by.
  };
  options->on_handler_exception = [](absl::string_view trace_id, absl::string_view what) {
    Log(Level::kError, "page handler threw", {{"trace_id", std::string(trace_id)}, {"exception", std::string(what)}});
  };
}

}  // namespace countersign::link::web
