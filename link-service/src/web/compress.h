// Compressed answers.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_COMPRESS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_COMPRESS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::link::web {

// `text` as gzip (RFC 1952).
std::string Gzip(absl::string_view text);

// Whether a browser that sent this Accept-Encoding takes gzip: it names gzip, and not with q=0.
bool AcceptsGzip(absl::string_view accept_encoding);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_COMPRESS_H_
