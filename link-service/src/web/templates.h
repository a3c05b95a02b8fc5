// The templates and the stylesheet of link-service/web, which are compiled into the program.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_TEMPLATES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_TEMPLATES_H_

#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

// A file of link-service/web by its name; empty for one that does not exist.
absl::string_view WebFile(absl::string_view name);

// Renders the template `name` ("order.mustache"), which must exist, in `language`. Values are escaped for HTML.
std::string RenderTemplate(absl::string_view name, const Language& language, const kainjow::mustache::data& values);

// The stylesheet with the vendor's colours, and the path below the public URL that it is served under, which names its
// content: "/assets/0123456789abcdef.css". Made once for each vendor.
struct Stylesheet {
  std::string text;
  std::string gzip;  // The same, compressed.
  std::string path;
};
const Stylesheet& StylesheetOf(const Vendor& vendor);
inline const std::string& StylesheetPath(const Vendor& vendor) { return StylesheetOf(vendor).path; }

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_TEMPLATES_H_
