// A link's history, with the evidence that is kept of it.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_RECORD_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "link-service/src/domain/page_view.h"
#include "link-service/src/domain/press.h"

namespace countersign::link {

struct LinkRecord {
  int64_t position = 0;  // In the link's log.
  std::string type;      // "PRESS_RECORDED"
  absl::Time create_time;
  int64_t version = 0;  // Of the link or the press.
  // Of a press only.
  std::optional<Press> press = std::nullopt;
  std::string content_sha256 = {};
  std::string outcome = {};                     // Empty: not known yet.
  std::optional<PageView> view = std::nullopt;  // Of a view only.
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_RECORD_H_
