// A partner and the rules of the programme: its state machine, and its agreement with the vendor.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PARTNER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PARTNER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::partner {

enum class PartnerState { kPending, kActive, kSuspended, kRejected, kTerminated };

inline constexpr Named<PartnerState> kPartnerStates[] = {{PartnerState::kPending, "PENDING"},
                                                         {PartnerState::kActive, "ACTIVE"},
                                                         {PartnerState::kSuspended, "SUSPENDED"},
                                                         {PartnerState::kRejected, "REJECTED"},
                                                         {PartnerState::kTerminated, "TERMINATED"}};
inline absl::string_view NameOf(PartnerState state) { return NameIn(kPartnerStates, state); }

struct Partner {
  Uuid partner_id;
  std::string partner_number;
  absl::Time create_time;
  std::string display_name = {};
  std::string contact_email = {};
  PartnerState state = PartnerState::kPending;
  std::string state_reason = {};           // Why the last transition was made; empty while PENDING.
  std::string accepted_agreement = {};     // Empty before the first acceptance.
  std::string agreement_accepted_by = {};  // The person, as given.
  std::optional<absl::Time> agreement_accept_time = {};
  int64_t version = 1;  // Grows by one with every change, but for Restate.
  absl::Time update_time;
};

// An operator's decision about a partner.
enum class PartnerAct { kApprove, kReject, kSuspend, kReinstate, kTerminate };

// In the past tense, as events name them.
inline constexpr Named<PartnerAct> kPartnerActs[] = {{PartnerAct::kApprove, "APPROVED"},
                                                     {PartnerAct::kReject, "REJECTED"},
                                                     {PartnerAct::kSuspend, "SUSPENDED"},
                                                     {PartnerAct::kReinstate, "REINSTATED"},
                                                     {PartnerAct::kTerminate, "TERMINATED"}};
inline absl::string_view PastTense(PartnerAct act) { return NameIn(kPartnerActs, act); }

// NOT_FOUND PARTNER_NOT_FOUND.
absl::Status NoSuchPartner(const Uuid& partner_id);

// The partner after `act`: its next version. Error: FAILED_PRECONDITION PARTNER_STATE, naming the state, for an edge
// that the state machine does not have.
absl::StatusOr<Partner> Apply(const Partner& partner, PartnerAct act, absl::string_view reason, absl::Time now);

// The same partner under a version above any that it can have had: the next multiple of 1,000,000.
Partner Restate(const Partner& partner, absl::Time now);

// The fields that a caller may set; nullopt: unchanged.
struct PartnerFields {
  std::optional<std::string> display_name = {};
  std::optional<std::string> contact_email = {};
};

// The first version of a partner: PENDING. A field that is nullopt is empty.
Partner NewPartner(const Uuid& partner_id, absl::string_view number, const PartnerFields& fields, absl::Time now);

// The next version of the partner.
Partner Update(const Partner& partner, const PartnerFields& fields, absl::Time now);

// OK unless the partner is out for good (REJECTED, TERMINATED): then nothing new is made for it. `what` ends the
// sentence "… cannot be …". Error: FAILED_PRECONDITION PARTNER_STATE.
absl::Status CheckNotOut(const Partner& partner, absl::string_view what);

// The partner after `person` accepted `agreement` for it; accepting again records the new person and time. Errors:
// FAILED_PRECONDITION PARTNER_STATE (REJECTED and TERMINATED are final), AGREEMENT_NOT_CURRENT (only
// `current_agreement` can be accepted).
absl::StatusOr<Partner> AcceptAgreement(const Partner& partner, absl::string_view agreement,
                                        absl::string_view current_agreement, absl::string_view person, absl::Time now);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PARTNER_H_
