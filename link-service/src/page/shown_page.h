// The content of a link's page, as one value that can be hashed, named by the form and kept.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_SHOWN_PAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_SHOWN_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/press.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

struct ShownPage {
  v1::PageContent content;
  const web::Language* language = nullptr;  // That the content is in.
  std::string bytes;                        // The content's deterministic serialization …
  std::string sha256;                       // … and its hash, 32 bytes.
};

// The page of `link` as it is now, in `language`. Error: DATA_LOSS when its row is damaged or names an agreement that
// this program does not have.
absl::StatusOr<ShownPage> ShownPageOf(const Link& link, const Vendor& vendor,
                                      const web::Language& language = web::English());

// The page as it is kept: compressed.
ShownContent ToBeKept(const ShownPage& page);

// The bytes of a kept page. Error: DATA_LOSS.
absl::StatusOr<std::string> Uncompressed(absl::string_view content);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_SHOWN_PAGE_H_
