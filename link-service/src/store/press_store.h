// The evidence of presses and of what the page showed.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"
#include "link-service/src/domain/press.h"

namespace countersign::link {

// ALREADY_EXISTS: the hash in the key determines a content, so the one that is kept is the same.
absl::Status ContentIsKept();

// Thread-safe.
class PressStore {
 public:
  explicit PressStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A new press, for a change with the press's event.
  static mysql::RowWrite Row(const Press& press, const ShownContent& shown);
  // The content on which it was made. Where it is kept already, the change fails with ContentIsKept() and goes without.
  static mysql::RowWrite ContentRow(const Press& press, const ShownContent& shown);

  // The newest press on a link; nullopt when nobody pressed.
  struct LastPress {
    PressAct act = PressAct::kConfirm;
    std::string outcome;  // Empty: it is not known what order-service did.
  };
  absl::StatusOr<std::optional<LastPress>> FindLast(absl::Time deadline, const Uuid& link_id) const;

  // What a link showed under this hash, compressed; nullopt where it is not kept.
  absl::StatusOr<std::optional<std::string>> FindContent(absl::Time deadline, const Uuid& link_id,
                                                         absl::string_view sha256) const;

  // Notes how order-service answered a press, unless that is known: a state, or the reason of a refusal. Errors: those
  // of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
  absl::Status NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id,
                           absl::string_view outcome) const;

  // The same inside the transaction that ends the link's ACTIVE state.
  static absl::Status NoteOutcome(mysql::Connection& connection, const Uuid& link_id, const Uuid& press_id,
                                  absl::string_view outcome);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
