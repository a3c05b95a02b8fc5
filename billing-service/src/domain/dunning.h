// Dunning: how an account that does not pay climbs the ladder, and how payment brings it down again. Source of the
// rules: docs/domain.md, Dunning.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_DUNNING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_DUNNING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/dunning_ladder.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// An account's place on the ladder. It changes with the account's version.
struct Dunning {
  Uuid account = {};
  DunningState state = DunningState::kClear;
  int64_t cycle = 0;                    // How often it began a climb, or went on for another invoice.
  std::optional<Uuid> invoice = {};     // Which drives it.
  std::optional<Uuid> ladder = {};      // The version that it climbs.
  int64_t rung = 0;                     // How many rungs were reached.
  std::optional<Date> rung_date = {};   // When the last one was.
  std::optional<Date> next_date = {};   // When to look again; none: whenever something is overdue. CANCELLED: not done.
  std::optional<Date> hold_until = {};  // No rung is climbed before it.
  std::string hold_reason = {};
  absl::Time create_time = absl::UnixEpoch();  // The epoch: it is not stored yet.
  absl::Time update_time = absl::UnixEpoch();
};

// Of a ladder that has no further rung.
inline constexpr Date kNoNextRung = Date(9999, 12, 31);

// Today's change of an account's dunning.
enum class DunningStep {
  kNone,
  kReached,  // The next rung.
  kEased,    // Another invoice drives, which is overdue for less long: down to where that stands.
  kTurned,   // Another invoice drives; the state is the same.
  kCleared,  // Nothing is overdue for long enough.
};

struct DunningMove {
  DunningStep step = DunningStep::kNone;
  Dunning dunning;  // After it.
};

// Decides on what is there now. At most one rung is climbed a day, so that nobody is suspended and cancelled at once
// after an outage, and none before the last CANCELLED is done. `may_climb`: false while the account is parked.
DunningMove MoveDunning(Dunning dunning, const std::vector<Invoice>& invoices,
                        const std::vector<DunningLadder>& ladders, bool may_climb, Date today);

// The account's invoices that are OPEN and overdue.
std::vector<Uuid> OverdueInvoices(const std::vector<Invoice>& invoices, Date today);

// Brings a subscription to where its account stands below CANCELLED; false: it is there already. An operator's own
// suspension stays. Errors: none for what can be in the database.
absl::StatusOr<bool> AlignWithDunning(Subscription& subscription, DunningState state, Date today);

inline constexpr absl::string_view kUnpaid = "The account did not pay.";

// The same for CANCELLED: ends the subscription `today`, and says what is credited: the invoiced days from today on.
// nullopt: it has ended. Errors: the same.
absl::StatusOr<std::optional<Cancellation>> CancelUnpaid(Subscription subscription, Date today);

// Holds the ladder until `until`; none: ends the hold. Error: INVALID_ARGUMENT hold_until_date.
absl::Status HoldDunning(Dunning& dunning, std::optional<Date> until, absl::string_view reason, Date today);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_DUNNING_H_
