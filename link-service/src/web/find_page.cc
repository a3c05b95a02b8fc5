#include "link-service/src/web/find_page.h"

#include "link-service/src/web/page_parts.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {

std::string RenderFindPage(const FindPageView& view) {
  const Language& language = *view.language;
  const std::string& heading = language.Text(view.sent ? "find.sent" : "find.heading");
  data page = BasePage(view.vendor, language, heading);
  page.set("for_everybody", true);  // Its address is no secret.
  page.set("heading", heading);
  page.set("sent", view.sent);
  page.set("keeps_form", !view.sent);
  page.set("enter_button", !view.sent);
  page.set("too_many", view.too_many);
  page.set("number", view.number);
  page.set("email", view.email);
  SetErrors(page, view.errors);
  SetFindPath(page, view.vendor, language);
  return RenderTemplate("find.mustache", language, page);
}

}  // namespace countersign::link::web
