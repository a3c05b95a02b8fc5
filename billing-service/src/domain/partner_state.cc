#include "billing-service/src/domain/partner_state.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kReinstated = "The partner was reinstated.";
constexpr absl::string_view kTerminated = "The partner was terminated.";
constexpr absl::string_view kGivenBack = "The correction is given back: the fee that it lowered was reversed.";

// An entry that corrects `fee` by itself. Two at once are of one number: the second is decided again on what the first
// left.
FeeEntry Correction(const FeeEntry& fee, int64_t number, const Money& amount, absl::string_view reason,
                    absl::Time now) {
  FeeEntry entry = fee;
  entry.id =
      Uuid::Derived({"adjusted-fee", FeeId(fee.invoice, fee.line, fee.segment_number, {fee.key.generation, 0}).bytes(),
                     absl::StrCat(number)});
  entry.cause = FeeCause::kAdjusted;
  entry.cause_id = fee.id;
  entry.amount = amount;
  entry.reason = std::string(reason);
  entry.accrue_time = now;
  // It is stated, paid and held by itself.
  entry.state = fee.hold.has_value() ? FeeState::kHeld : FeeState::kAccrued;
  return entry;
}

}  // namespace

absl::StatusOr<TakenState> TakeState(const PartnerState& known, const std::optional<FeeHold>& hold,
                                     const StateNews& news) {
  TakenState taken{known, std::nullopt};
  PartnerState& state = taken.state;
  state.partner_version = news.partner_version;
  ++state.version;
  if (known.version == 0) state.since = news.change_time;
  if (news.standing == known.standing) return taken;
  const bool holds = hold.has_value() && hold->state == FeeHoldState::kActive;
  state.standing = news.standing;
  // What was paid during a suspension that ends in a termination is not earned either, however late it is entered.
  if (!holds || news.standing != PartnerStanding::kTerminated) state.since = news.change_time;
  if (news.standing == PartnerStanding::kSuspended) {
    taken.hold = SuspensionHold(known.partner, news.partner_version, news.reason, news.change_time);
    state.hold = taken.hold->id;
  } else if (holds) {
    const bool back = news.standing == PartnerStanding::kActive;
    ASSIGN_OR_RETURN(taken.hold, EndHold(*hold, back ? FeeHoldState::kReleased : FeeHoldState::kForfeited,
                                         back ? kReinstated : kTerminated, news.change_time));
  }
  return taken;
}

FeeFate FateOf(const PartnerState& state, absl::Time accrue_time) {
  if (accrue_time < state.since) return {};
  switch (state.standing) {
    case PartnerStanding::kActive:
      return {};
    case PartnerStanding::kSuspended:
      return {FeeState::kHeld, state.hold, ""};
    case PartnerStanding::kTerminated:
      return {FeeState::kNotEarned, std::nullopt, std::string(kTerminated)};
  }
  return {};
}

FeeFate FateOfReversal(const FeeEntry& reversed, const std::optional<FeeHold>& hold) {
  if (reversed.state == FeeState::kNotEarned) return {FeeState::kNotEarned, std::nullopt, reversed.reason};
  if (hold.has_value() && hold->state == FeeHoldState::kForfeited) {
    return {FeeState::kNotEarned, std::nullopt, hold->end_reason};
  }
  return {reversed.state == FeeState::kHeld ? FeeState::kHeld : FeeState::kAccrued, reversed.hold, ""};
}

absl::StatusOr<FeeEntry> WithFate(FeeEntry entry, const FeeFate& fate) {
  entry.state = fate.state;
  entry.hold = fate.hold;
  entry.reason = fate.reason;
  ASSIGN_OR_RETURN(entry.forgone, Money::Zero(entry.amount.currency()));
  if (fate.state == FeeState::kNotEarned) std::swap(entry.amount, entry.forgone);
  return entry;
}

std::vector<FeeEntry> Forfeit(const std::vector<FeeEntry>& held, const FeeHold& hold, absl::Time now) {
  std::vector<FeeEntry> entries;
  for (const FeeEntry& fee : held) {
    if (fee.amount.is_zero() || fee.cause == FeeCause::kForfeited) continue;
    FeeEntry entry = fee;
    entry.id = Uuid::Derived({"forfeited-fee", fee.id.bytes()});
    entry.cause = FeeCause::kForfeited;
    entry.cause_id = fee.id;
    entry.forgone = fee.amount;
    entry.amount = fee.amount.Negated();
    entry.reason = hold.end_reason;
    entry.accrue_time = now;
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::StatusOr<FeeEntry> AdjustFee(const FeeEntry& fee, const std::vector<FeeEntry>& entries, const Money& amount,
                                   absl::string_view reason, absl::Time now) {
  if (fee.state == FeeState::kNotEarned || fee.state == FeeState::kForfeited) {
    return FailedPrecondition("FEE_STATE", absl::StrCat("The fee is ", NameOf(fee.state), ", which is final."),
                              {{"state", std::string(NameOf(fee.state))}});
  }
  if (amount.currency() != fee.amount.currency()) {
    return InvalidField("amount", absl::StrCat("must be in ", fee.amount.currency()));
  }
  ASSIGN_OR_RETURN(const Money rounded, amount.TimesRounded(1));
  if (rounded != amount) return InvalidField("amount", "must be in whole minor units of its currency");
  ASSIGN_OR_RETURN(Money left, Money::Zero(fee.amount.currency()));
  int64_t adjustments = 0;
  for (const FeeEntry& entry : entries) {
    ASSIGN_OR_RETURN(left, left.Plus(entry.amount));
    if (entry.cause == FeeCause::kAdjusted) ++adjustments;
  }
  if (amount.micros() < 0 && left.micros() < -amount.micros()) {
    return FailedPrecondition(
        "FEE_EXCEEDED", absl::StrCat("Of the fee ", left.ToString(), " is left. Take back at most that."),
        {{"fee", fee.amount.ToString()}, {"left", left.ToString()}, {"amount", amount.ToString()}});
  }
  ASSIGN_OR_RETURN(const Money room, fee.line_net.Minus(left));
  if (amount.micros() > std::max<int64_t>(room.micros(), 0)) {
    return FailedPrecondition(
        "FEE_ABOVE_LINE",
        absl::StrCat("The fee is ", left.ToString(), " and its line ", fee.line_net.ToString(),
                     " net. A fee is never more than its line, so add at most the difference."),
        {{"left", left.ToString()}, {"amount", amount.ToString()}, {"line_net", fee.line_net.ToString()}});
  }
  return Correction(fee, adjustments + 1, amount, reason, now);
}

absl::StatusOr<std::optional<FeeEntry>> GiveBack(const std::vector<FeeEntry>& entries, absl::Time now) {
  const FeeEntry* fee = nullptr;
  int64_t left = 0, taken = 0, adjustments = 0;  // In micros; of one currency.
  for (const FeeEntry& entry : entries) {
    const bool adjusted = entry.cause == FeeCause::kAdjusted;
    if (entry.key.reversal == 0 && entry.cause == FeeCause::kInvoicePaid) fee = &entry;
    left += entry.amount.micros();
    if (!adjusted) continue;
    taken -= entry.amount.micros();
    ++adjustments;
  }
  const int64_t back = std::min(-left, taken);
  if (fee == nullptr || back <= 0) return std::nullopt;
  ASSIGN_OR_RETURN(const Money amount, Money::FromMicros(back, fee->amount.currency()));
  return Correction(*fee, adjustments + 1, amount, kGivenBack, now);
}

}  // namespace countersign::billing
