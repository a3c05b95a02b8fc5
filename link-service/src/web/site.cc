#include "link-service/src/web/site.h"

#include <utility>

#include "absl/strings/match.h"
#include "common/base/log.h"
#include "link-service/src/web/page.h"
#include "link-service/src/web/security_headers.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

HttpResponse ErrorPage(absl::string_view vendor_name, int status, absl::string_view trace_id) {
  HttpResponse response = HtmlResponse(status, RenderErrorPage(vendor_name, status, trace_id));
  AddSecurityHeaders(&response);
  return response;
}

HttpResponse StylesheetResponse() {
  HttpResponse response;
  response.headers.Set("Content-Type", "text/css; charset=utf-8");
  response.headers.Set("Cache-Control", "public, max-age=31536000, immutable");  // Its path changes with its content.
  response.body = std::string(Stylesheet());
  AddSecurityHeaders(&response);
  return response;
}

}  // namespace

HttpHandler Site(std::string vendor_name, HttpHandler pages) {
  return [vendor_name = std::move(vendor_name), pages = std::move(pages)](const HttpRequest& request) {
    if (absl::StartsWith(request.path, "/assets/")) {
      const bool found = request.path == StylesheetPath() && request.method != HttpMethod::kPost;
      return found ? StylesheetResponse() : ErrorPage(vendor_name, 404, request.trace_id);
    }
    if (IsCrossSitePost(request)) return ErrorPage(vendor_name, 403, request.trace_id);
    HttpResponse response = pages(request);
    AddSecurityHeaders(&response);
    return response;
  };
}

void SetSiteErrorPages(const std::string& vendor_name, HttpServerOptions* options) {
  options->error_page = [vendor_name](int status, absl::string_view trace_id) {
    return ErrorPage(vendor_name, status, trace_id);
  };
  options->on_handler_exception = [](absl::string_view trace_id, absl::string_view what) {
    Log(Level::kError, "page handler threw", {{"trace_id", std::string(trace_id)}, {"exception", std::string(what)}});
  };
}

}  // namespace countersign::link::web
