// This service's copy of how partners stand in the programme, and what that does to their fees.
// Source of the rules: docs/domain.md, Accrual and Fee entry.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/fee_hold.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// How a partner stands. A partner that was never approved has no fees and counts as ACTIVE; a rejected one as
// TERMINATED.
enum class PartnerStanding { kActive, kSuspended, kTerminated };

inline constexpr Named<PartnerStanding> kPartnerStandings[] = {
    {PartnerStanding::kActive, "ACTIVE"},
    {PartnerStanding::kSuspended, "SUSPENDED"},
    {PartnerStanding::kTerminated, "TERMINATED"},
};
inline absl::string_view NameOf(PartnerStanding standing) { return NameIn(kPartnerStandings, standing); }

struct PartnerState {
  Uuid partner;
  int64_t partner_version = 0;  // Its owner's; 0: nothing is known, which counts as ACTIVE.
  PartnerStanding standing = PartnerStanding::kActive;
  absl::Time since = absl::InfinitePast();  // When this service learnt of this standing.
  std::optional<Uuid> hold;                 // The last suspension's.
  int64_t version = 0;                      // The copy's own.
};

// A partner's state as partner-service tells it.
struct StateNews {
  int64_t partner_version = 0;
  PartnerStanding standing = PartnerStanding::kActive;
  absl::Time change_time;  // When this service learnt of it: its clock also says when an invoice was paid.
  std::string reason;
};

struct TakenState {
  PartnerState state;
  std::optional<FeeHold> hold;  // Begun, released or forfeited by it.
};

// The copy after the news, which must be newer. `hold` is that of known.hold, where there is one. SUSPENDED begins a
// hold, ACTIVE releases it, TERMINATED forfeits it unless it was released.
absl::StatusOr<TakenState> TakeState(const PartnerState& known, const std::optional<FeeHold>& hold,
                                     const StateNews& news);

// The state in which a fee is entered on the partner's side.
struct FeeFate {
  FeeState state = FeeState::kAccrued;  // ACCRUED, HELD or NOT_EARNED.
  std::optional<Uuid> hold;             // Set when HELD.
  std::string reason;                   // Set when NOT_EARNED.
};

// The fate of a fee whose invoice was paid at `accrue_time`: HELD when the partner was suspended then, NOT_EARNED when
// it was terminated.
FeeFate FateOf(const PartnerState& state, absl::Time accrue_time);

// A reversal takes the state of the fee that it reverses, which is under `hold`, if any.
FeeFate FateOfReversal(const FeeEntry& reversed, const std::optional<FeeHold>& hold);

// The entry as its partner gets it: with that state, and nothing of the amount when it is NOT_EARNED.
absl::StatusOr<FeeEntry> WithFate(FeeEntry entry, const FeeFate& fate);

// The entries that take back `held`, one each: of the same state, of the negative amount, with the hold's reason.
std::vector<FeeEntry> Forfeit(const std::vector<FeeEntry>& held, const FeeHold& hold, absl::Time now);

// An operator's correction of `fee`, of which `entries` are all that there are of its segment and generation: itself,
// reversals and earlier corrections. Its id counts the corrections, so two at once collide. Errors: FAILED_PRECONDITION
// FEE_STATE (NOT_EARNED and FORFEITED are final), FEE_EXCEEDED (more than what is left would be taken back),
// FEE_ABOVE_LINE (what is left would be more than the line's net); INVALID_ARGUMENT (another currency, finer than the
// minor unit).
absl::StatusOr<FeeEntry> AdjustFee(const FeeEntry& fee, const std::vector<FeeEntry>& entries, const Money& amount,
                                   absl::string_view reason, absl::Time now);

// The entry that gives back corrections that took too much: once their fee is reversed, the sum of `entries` (as for
// AdjustFee) would be below zero. Gives back at most as much as the corrections took. nullopt: nothing to give back.
absl::StatusOr<std::optional<FeeEntry>> GiveBack(const std::vector<FeeEntry>& entries, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_
