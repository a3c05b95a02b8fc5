// The whole site around the order pages: stylesheet, security headers, refusal of posts from other sites, error pages.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_SITE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_SITE_H_

#include <string>

#include "link-service/src/web/http_message.h"
#include "link-service/src/web/http_server.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

// `pages` with everything around it: answers /assets/, refuses cross-site posts with 403 before `pages` sees them, and
// adds the security headers to every response. Answers below the path of the vendor's public URL as well as without it,
// for a proxy may take it away; redirects and assets name it.
HttpHandler Site(Vendor vendor, HttpHandler pages);

// Sets error_page and on_handler_exception, so that what the server refuses by itself looks and is secured alike.
void SetSiteErrorPages(const Vendor& vendor, HttpServerOptions* options);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_SITE_H_
