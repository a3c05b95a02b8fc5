// The vendor's logo: one file of configuration, read at the start.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_LOGO_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_LOGO_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "link-service/src/web/http_message.h"

namespace countersign::link {

inline constexpr size_t kMaxLogoBytes = 64 << 10;

struct Logo {
  std::string content_type;  // "image/svg+xml" or "image/png".
  std::string bytes;
  std::string path;  // "/assets/logo-….svg": changes with its content.
};

// The picture in `bytes`. Errors: INVALID_ARGUMENT: it is neither a PNG nor an SVG, larger than kMaxLogoBytes, or an
// SVG with a script, an event handler, an entity, or something that is loaded from elsewhere.
absl::StatusOr<std::shared_ptr<const Logo>> LogoOf(absl::string_view bytes);

// The same of a file. Error also: NOT_FOUND.
absl::StatusOr<std::shared_ptr<const Logo>> LoadLogo(const std::string& file);

namespace web {

// Cached for a year. Opened by itself, it runs nothing and loads nothing either.
HttpResponse LogoResponse(const Logo& logo);

}  // namespace web
}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_LOGO_H_
