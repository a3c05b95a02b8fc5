// The evidence of a person's view of a link's page.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PAGE_VIEW_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PAGE_VIEW_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::link {

// Further views of a link are counted alone: whoever holds it can open it as often as it likes.
inline constexpr int64_t kMaxRecordedViews = 100;

struct PageView {
  Uuid link_id;
  Uuid view_id;                // See PageViewId.
  std::string content_sha256;  // 32 bytes.
  std::string evidence;        // Serialized; personal data.
  std::string salt;            // 16 random bytes.
  absl::Time view_time;
};

// One and the same for all views of a day of the same content at the same address with the same browser.
inline Uuid PageViewId(const Uuid& link_id, absl::string_view content_sha256, absl::string_view evidence,
                       absl::Time view_time) {
  return Uuid::Derived({"page_view", link_id.bytes(), content_sha256, evidence, FormatDate(DateOf(view_time))});
}

// SHA-256 over salt and evidence: all that the event log keeps of them.
inline std::string EvidenceDigest(const PageView& view) { return Sha256(view.salt + view.evidence); }

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PAGE_VIEW_H_
