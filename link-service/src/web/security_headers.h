// The security headers of every answer, and the check that refuses cross-site posts. Source: docs/safety.md.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_SECURITY_HEADERS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_SECURITY_HEADERS_H_

#include "link-service/src/web/http_message.h"

namespace countersign::link::web {

// Adds the headers; one that `response` already has stays (a stylesheet may be cached).
void AddSecurityHeaders(HttpResponse* response);

// Whether a browser says that another site made it send this POST. The unguessable path is the protection against
// forged posts; this is a second line. Origin is not asked: no-referrer makes browsers send "null" for the page's own
// posts, too. Sec-Fetch-Site may be same-origin, none (typed or bookmarked) or absent (older browsers, programs).
bool IsCrossSitePost(const HttpRequest& request);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_SECURITY_HEADERS_H_
