// The evidence of presses and of what the page showed.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_

#include <functional>
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
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/press.h"

namespace countersign::link {

// The columns of a press that change: the outcome comes later, and erasure or retention empties the typed text.
inline constexpr absl::string_view kChangingOfPresses = "outcome, evidence, salt";

// REFUSED: what the page showed is kept already, with an earlier press.
bool IsContentKept(const absl::Status& status);

// The answer to record for a press whose order has this outcome: the state, or ALREADY_CONFIRMED where another press
// confirmed.
absl::string_view AnswerTo(const Press& press, const OrderOutcome& outcome);

// Thread-safe.
class PressStore {
 public:
  explicit PressStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A new press on the content with this hash, for a change with the press's event and, with the first press on it, the
  // content.
  static mysql::RowWrite Row(const Press& press, absl::string_view sha256);

  // The content. Where it is kept already, nothing of the change is written: IsContentKept.
  static mysql::RowWrite Row(const Uuid& link_id, const ShownContent& shown, absl::Time now);

  // For Change::also of the change with the link's event that ends its ACTIVE state: notes how order-service answered
  // the press.
  static std::function<absl::Status(mysql::Connection&)> Outcome(const Press& press, const OrderOutcome& outcome);

  // The same where it is not known which press is answered: notes the one that confirmed. Null without `press_time`.
  static std::function<absl::Status(mysql::Connection&)> ConfirmedBy(const std::optional<absl::Time>& press_time,
                                                                     const Uuid& link_id);

  // The newest press on a link; nullopt when nobody pressed.
  struct LastPress {
    PressAct act = PressAct::kConfirm;
    std::string outcome;  // Empty: it is not known what order-service did.
  };
  absl::StatusOr<std::optional<LastPress>> FindLast(absl::Time deadline, const Uuid& link_id) const;

  // The press that ended a link by this act; nullopt where none is recorded. Where it was not noted which did, the
  // newest of those without an answer.
  absl::StatusOr<std::optional<KeptPress>> FindDecisive(absl::Time deadline, const Uuid& link_id, PressAct act) const;

  // The form on which the press that FindDecisive gives was made; nil where there is none.
  absl::StatusOr<Uuid> ConfirmForm(absl::Time deadline, const Uuid& link_id) const;

  // The content that a link showed under this hash, compressed; nullopt if it is not kept.
  absl::StatusOr<std::optional<std::string>> FindContent(absl::Time deadline, const Uuid& link_id,
                                                         absl::string_view sha256) const;

  // Notes how order-service answered a press, unless that is known: AnswerTo, or the reason of a refusal. Errors: those
  // of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
  absl::Status NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id,
                           absl::string_view outcome) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_PRESS_STORE_H_
