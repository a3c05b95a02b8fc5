// The templates and the stylesheet of link-service/web, which are compiled into the program.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_TEMPLATES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_TEMPLATES_H_

#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"

namespace countersign::link::web {

// Renders the template `name` ("order.mustache"), which must exist. Values are escaped for HTML.
std::string RenderTemplate(absl::string_view name, const kainjow::mustache::data& values);

// The stylesheet and the path it is served under, which names its content: "/assets/0123456789abcdef.css".
absl::string_view Stylesheet();
const std::string& StylesheetPath();

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_TEMPLATES_H_
