// The evidence of presses and of what the page showed.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "link-service/src/domain/press.h"

namespace countersign::link {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PressStore {
 public:
  explicit PressStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Writes a press and, unless they are there already, the contents that it was made on, in one transaction. Errors:
  // those of events::Commit.
  absl::Status Insert(absl::Time deadline, const Press& press, const ShownContent& shown, const events::Change& change);

  // Notes how order-service answered a press, unless that is known: a state or the reason of a refusal. Where the press
  // itself ended the link's ACTIVE state, LinkStore::Update notes it.
  absl::Status NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id, absl::string_view outcome);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
