// What the templates of several pages have in common.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_PARTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_PARTS_H_

#include <cstdint>
#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

using kainjow::mustache::data;
using kainjow::mustache::list;

// "1 June 2009": read the same way everywhere, unlike 6/1/2009.
std::string LongDate(Date date);

// "1 June 2009, 09:00 UTC"
std::string LongTime(absl::Time time);
std::string IsoTime(absl::Time time);

// 12000 → "12,000".
std::string Grouped(int64_t number);

std::string Text(absl::string_view text);

// A value together with a flag, so that a template can leave out the whole row: {{#has_x}}…{{x}}…{{/has_x}}.
void SetOptional(data& page, const std::string& name, absl::string_view value);

// An address, with a second value for mailto: links, in which nothing of it can add a header.
void SetContact(data& page, const std::string& name, absl::string_view contact);

// A date as people read it, and as `iso_name` for <time>.
void SetDate(data& page, const std::string& name, const std::string& iso_name, Date date);

// What head and foot of every page show.
data BasePage(const Vendor& vendor, absl::string_view title);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_PARTS_H_
