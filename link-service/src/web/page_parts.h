// Template data that several pages share.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_PARTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_PARTS_H_

#include <kainjow/mustache.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/order_forms.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

using kainjow::mustache::data;
using kainjow::mustache::list;

std::string IsoTime(absl::Time time);

std::string Text(absl::string_view text);

// A value together with a flag, so that a template can leave out the whole row: {{#has_x}}…{{x}}…{{/has_x}}.
void SetOptional(data& page, const std::string& name, absl::string_view value);

// An address, with a second value for mailto: links, in which nothing of it can add a header.
void SetContact(data& page, const std::string& name, absl::string_view contact);

// Sets the errors to be corrected: `errors`, `has_errors`, and for each field its first one as `error_FIELD`.
void SetErrors(data& page, const std::vector<FormError>& form_errors);

// A date as people read it, and as `iso_name` for <time>.
void SetDate(data& page, const Language& language, const std::string& name, const std::string& iso_name, Date date);

// Sets `find_path`, the page where a customer asks for a lost receipt.
void SetFindPath(data& page, const Vendor& vendor, const Language& language);

// Has the foot offer it, where the vendor does.
void OfferFinding(data& page, const Vendor& vendor, const Language& language);

// The data of the head and foot of every page.
data BasePage(const Vendor& vendor, const Language& language, absl::string_view title);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_PARTS_H_
