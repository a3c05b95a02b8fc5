// The whole site around the order pages: stylesheet, security headers, refusal of posts from other sites, error pages.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_SITE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_SITE_H_

#include <string>

#include "link-service/src/web/http_message.h"
#include "link-service/src/web/http_server.h"

namespace countersign::link::web {

// `pages` with everything around it: answers /assets/, refuses cross-site posts with 403 before `pages` sees them, and
// adds the security headers to every response.
HttpHandler Site(std::string vendor_name, HttpHandler pages);

// Sets error_page and on_handler_exception, so that what the server refuses by itself looks and is secured alike.
void SetSiteErrorPages(const std::string& vendor_name, HttpServerOptions* options);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_SITE_H_
