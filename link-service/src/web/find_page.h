// The page for a customer that lost its receipt: it asks for a number and an address, and always answers alike.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_FIND_PAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_FIND_PAGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/order_forms.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

inline constexpr absl::string_view kFindPath = "/find";
inline constexpr absl::string_view kFoundPath = "/find/sent";  // The answer.

struct FindPageView {
  const Language* language = &English();
  Vendor vendor;
  std::string number = {};  // As typed.
  std::string email = {};
  std::vector<FormError> errors = {};
  bool too_many = false;  // Too many were asked for from this network.
  bool sent = false;      // The answer instead of the form.
};

std::string RenderFindPage(const FindPageView& view);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_FIND_PAGE_H_
