// The beginning of the URL at which customers reach the page.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_PUBLIC_URL_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_PUBLIC_URL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::link::web {

// The path of a URL without a slash at its end: "/orders" of "https://example.com/orders", "" of
// "https://example.com".
inline std::string PathOfUrl(absl::string_view url) {
  const size_t scheme = url.find("://");
  const size_t path = scheme == absl::string_view::npos ? scheme : url.find('/', scheme + 3);
  if (path == absl::string_view::npos) return "";
  absl::string_view found = url.substr(path);
  while (!found.empty() && found.back() == '/') found.remove_suffix(1);
  return std::string(found);
}

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_PUBLIC_URL_H_
