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

// The outcome comes later.
inline constexpr mysql::Table kPresses = {.name = "presses",
                                          .key = "link_id, press_id",
                                          .fixed = "act, revision, content_sha256, evidence, salt, press_time, form_id",
                                          .changing = "outcome"};

// Thread-safe.
class PressStore {
 public:
  explicit PressStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A new press and the content on which it was made, for a change with the press's event.
  static std::vector<mysql::RowWrite> Rows(const Press& press, const ShownContent& shown);

  // The same press, made on the content with this hash, with how order-service answered it: a state. For the change
  // with the link's event that ends its ACTIVE state.
  static mysql::RowWrite RowWithOutcome(const Press& press, absl::string_view sha256, absl::string_view outcome);

  // The newest press on a link; nullopt when nobody pressed.
  struct LastPress {
    PressAct act = PressAct::kConfirm;
    std::string outcome;  // Empty: it is not known what order-service did.
  };
  absl::StatusOr<std::optional<LastPress>> FindLast(absl::Time deadline, const Uuid& link_id) const;

  // The press that ended a link by this act; nullopt where none is recorded.
  absl::StatusOr<std::optional<KeptPress>> FindDecisive(absl::Time deadline, const Uuid& link_id, PressAct act) const;

  // The forms on which Confirm order was pressed, the newest first, at most 100.
  absl::StatusOr<std::vector<Uuid>> ConfirmForms(absl::Time deadline, const Uuid& link_id) const;

  // What a link showed under this hash, compressed; nullopt where it is not kept.
  absl::StatusOr<std::optional<std::string>> FindContent(absl::Time deadline, const Uuid& link_id,
                                                         absl::string_view sha256) const;

  // Notes how order-service answered a press, unless that is known: a state, or the reason of a refusal. Errors: those
  // of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
  absl::Status NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id,
                           absl::string_view outcome) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
