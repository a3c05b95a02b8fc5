#include "billing-service/src/domain/fee_hold.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::billing {
namespace {

absl::Status WrongHoldState(const FeeHold& hold, absl::string_view needed) {
  return FailedPrecondition("FEE_HOLD_STATE", absl::StrCat("The hold is ", NameOf(hold.state), ", ", needed, "."),
                            {{"state", std::string(NameOf(hold.state))}});
}

}  // namespace

FeeHold SuspensionHold(const Uuid& partner, int64_t version, absl::string_view reason, absl::Time now) {
  FeeHold hold;
  hold.partner = partner;
  hold.id = Uuid::Derived({"fee-hold", partner.bytes(), absl::StrCat(version)});
  hold.reason = std::string(reason);
  hold.create_time = now;
  return hold;
}

FeeHold SuccessorOf(const FeeHold& hold, absl::Time now) {
  FeeHold next;
  next.partner = hold.partner;
  next.id = Uuid::Derived({"fee-hold", hold.partner.bytes(), "after", hold.id.bytes()});
  next.reason = hold.reason;
  next.create_time = now;
  return next;
}

Uuid HoldIdOf(const SelfDealing& about) {
  return Uuid::Derived({"fee-hold", about.partner.bytes(), "self-dealing", about.subscription.bytes()});
}

absl::StatusOr<FeeHold> SetSelfDealing(const std::optional<FeeHold>& known, const SelfDealing& about,
                                       absl::string_view reason, absl::Time now) {
  if (known.has_value() && known->state == FeeHoldState::kActive) return WrongHoldState(*known, "so it is set already");
  FeeHold hold;
  if (known.has_value()) {
    hold = *known;
    ++hold.version;
  } else {
    hold.partner = about.partner;
    hold.id = HoldIdOf(about);
    hold.kind = FeeHoldKind::kSelfDealing;
    hold.account = about.account;
    hold.subscription = about.subscription;
    hold.create_time = now;
  }
  hold.state = FeeHoldState::kActive;
  hold.reason = std::string(reason);
  hold.end_reason.clear();
  hold.end_time = std::nullopt;
  return hold;
}

absl::StatusOr<FeeHold> EndHold(FeeHold hold, FeeHoldState state, absl::string_view reason, absl::Time now) {
  if (hold.state != FeeHoldState::kActive) return WrongHoldState(hold, "not ACTIVE");
  hold.state = state;
  hold.end_reason = std::string(reason);
  hold.end_time = now;
  ++hold.version;
  return hold;
}

}  // namespace countersign::billing
