// Why fees wait: their partner is suspended, or may have sold to itself.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_HOLD_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_HOLD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class FeeHoldKind { kPartnerSuspended, kSelfDealing };

inline constexpr Named<FeeHoldKind> kFeeHoldKinds[] = {
    {FeeHoldKind::kPartnerSuspended, "PARTNER_SUSPENDED"},
    {FeeHoldKind::kSelfDealing, "SELF_DEALING"},
};
inline absl::string_view NameOf(FeeHoldKind kind) { return NameIn(kFeeHoldKinds, kind); }

enum class FeeHoldState { kActive, kReleased, kForfeited };

inline constexpr Named<FeeHoldState> kFeeHoldStates[] = {
    {FeeHoldState::kActive, "ACTIVE"},
    {FeeHoldState::kReleased, "RELEASED"},
    {FeeHoldState::kForfeited, "FORFEITED"},
};
inline absl::string_view NameOf(FeeHoldState state) { return NameIn(kFeeHoldStates, state); }

struct FeeHold {
  Uuid partner;
  Uuid id;
  FeeHoldKind kind = FeeHoldKind::kPartnerSuspended;
  std::optional<Uuid> account;  // Of a hold for self-dealing: whose subscription.
  std::optional<Uuid> subscription;
  absl::Time create_time;
  FeeHoldState state = FeeHoldState::kActive;
  std::string reason;
  std::string end_reason;
  std::optional<absl::Time> end_time;
  int64_t version = 1;
};

// The hold of a suspension that the partner's `version` began.
FeeHold SuspensionHold(const Uuid& partner, int64_t version, absl::string_view reason, absl::Time now);

// The hold that takes the place of a suspension's hold that an operator released.
FeeHold SuccessorOf(const FeeHold& hold, absl::Time now);

// The subject of a hold for self-dealing: a partner's fees of a subscription.
struct SelfDealing {
  Uuid partner;
  Uuid account;  // Of the subscription.
  Uuid subscription;
};

// The id of the one hold that a partner's subscription has for it.
Uuid HoldIdOf(const SelfDealing& about);

// That hold, set: new, or `known` once more. Error: FAILED_PRECONDITION FEE_HOLD_STATE while it is ACTIVE.
absl::StatusOr<FeeHold> SetSelfDealing(const std::optional<FeeHold>& known, const SelfDealing& about,
                                       absl::string_view reason, absl::Time now);

// The hold after its end as RELEASED or FORFEITED. Error: FAILED_PRECONDITION FEE_HOLD_STATE unless it is ACTIVE.
absl::StatusOr<FeeHold> EndHold(FeeHold hold, FeeHoldState state, absl::string_view reason, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_FEE_HOLD_H_
