// The access links that were asked for.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_ACCESS_LINK_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_ACCESS_LINK_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"
#include "link-service/src/domain/access_link.h"

namespace countersign::link {

// Thread-safe. Errors: those of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AccessLinkStore {
 public:
  explicit AccessLinkStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A new access link, for a change with its event. LostRace() where the link has one of this number.
  static mysql::RowWrite Row(const AccessLink& access_link);

  // The link's newest, the newest first, at most kMaxAccessLinksPerDay.
  absl::StatusOr<std::vector<AccessLink>> Newest(absl::Time deadline, const Uuid& link_id) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_ACCESS_LINK_STORE_H_
