// Links, found by primary key.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_STORE_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class LinkStore {
 public:
  explicit LinkStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND LINK_NOT_FOUND.
  absl::StatusOr<Link> Find(absl::Time deadline, const Uuid& link_id) const;

  // Writes a new link. Errors: ALREADY_EXISTS LINK_EXISTS, those of events::Commit.
  absl::Status Insert(absl::Time deadline, const Link& link, const events::Change& change);

  // Writes the next version of a link: its state and what decided it. `press_id`: the press that brought the decision
  // gets the state as its outcome in the same transaction. Errors: LostRace() when the row is not at the version
  // before, those of events::Commit.
  absl::Status Update(absl::Time deadline, const Link& link, const std::optional<Uuid>& press_id,
                      const events::Change& change);

  // Counts `views` more views of a link, up to kMaxCountedViews in all; a link that is not there is no error. No new
  // version, no event.
  absl::Status CountViews(absl::Time deadline, const Uuid& link_id, int64_t views, absl::Time last_view_time);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_STORE_H_
