// Pages that show no order: a heading and a sentence.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_NOTICE_PAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_NOTICE_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

// The page without a matching token: the same bytes for a wrong secret, an unknown link and a forgotten one.
std::string RenderUnknownLinkPage(const Vendor& vendor, const Language& language = English());

// Too many wrong links from one address.
std::string RenderRateLimitedPage(const Vendor& vendor, const Language& language = English());

// An invoice that cannot be printed yet.
std::string RenderInvoiceLaterPage(const Vendor& vendor, const Language& language = English());

// Anything that went wrong; `trace_id` finds the log line.
std::string RenderErrorPage(const Vendor& vendor, int status, absl::string_view trace_id,
                            const Language& language = English());

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_NOTICE_PAGE_H_
