// A partner and the rules of the programme: which transition is allowed, and whether the partner may sell.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PARTNER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PARTNER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::partner {

enum class PartnerState { kPending, kActive, kSuspended, kRejected, kTerminated };

// "PENDING", "ACTIVE", …: the name that is stored and shown in messages.
absl::string_view ToString(PartnerState state);
// Error: DATA_LOSS for anything else; only a damaged row has it.
absl::StatusOr<PartnerState> ParsePartnerState(absl::string_view name);

struct Partner {
  Uuid partner_id;
  std::string partner_number;
  std::string display_name;
  std::string contact_email;
  PartnerState state = PartnerState::kPending;
  std::string state_reason;           // Why the last transition was made; empty while PENDING.
  std::string accepted_agreement;     // Empty before the first acceptance.
  std::string agreement_accepted_by;  // The person, as given.
  std::optional<absl::Time> agreement_accept_time;
  int64_t version = 1;  // Grows by one with every change.
  absl::Time create_time;
  absl::Time update_time;
};

// What an operator can do to a partner's standing.
enum class PartnerAct { kApprove, kReject, kSuspend, kReinstate, kTerminate };

// "APPROVED", "SUSPENDED", …: the act in the past tense, as events name it.
absl::string_view PastTense(PartnerAct act);

// The partner after `act`: its next version. Error: FAILED_PRECONDITION PARTNER_STATE, naming the state, for an edge
// that the state machine does not have.
absl::StatusOr<Partner> Apply(const Partner& partner, PartnerAct act, absl::string_view reason, absl::Time now);

// What may be changed of a partner beside its standing; nullopt: stays as it is.
struct PartnerChange {
  std::optional<std::string> display_name = {};
  std::optional<std::string> contact_email = {};
};

// The next version of the partner.
Partner Update(const Partner& partner, const PartnerChange& change, absl::Time now);

// OK unless the partner is out for good (REJECTED, TERMINATED): nothing new is made for it then. `what` ends the
// sentence "… cannot be …". Error: FAILED_PRECONDITION PARTNER_STATE.
absl::Status CheckNotOut(const Partner& partner, absl::string_view what);

// The partner after `person` accepted `agreement` for it; accepting again records the new person and time. Errors:
// FAILED_PRECONDITION PARTNER_STATE (REJECTED and TERMINATED are final), AGREEMENT_NOT_CURRENT (only
// `current_agreement` can be accepted).
absl::StatusOr<Partner> AcceptAgreement(const Partner& partner, absl::string_view agreement,
                                        absl::string_view current_agreement, absl::string_view person, absl::Time now);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PARTNER_H_
