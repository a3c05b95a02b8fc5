#include "billing-service/src/workers/fee_relay.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/fee_give_back.h"
#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/partner_state.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr char kEarned[] = "FEE_EARNED";
constexpr char kReversed[] = "FEE_REVERSED";

// What this relay itself writes into the partner's log has the same type.
bool IsOfThePartner(const events::Event& event) {
  v1::FeeEvent payload;
  return payload.ParseFromString(event.payload) &&
         absl::StartsWith(payload.fee(), absl::StrCat("partners/", event.tenant.ToString(), "/"));
}

}  // namespace

events::Consumer FeeRelay::consumer() const {
  return {.name = "fees",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          // A partner would never be paid what a paid line has earned, or be paid what was taken back.
          .must_arrive = {kEarned, kReversed},
          .concerns = [](const events::Event& event) { return event.type == kEarned || event.type == kReversed; }};
}

absl::Status FeeRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type != kEarned && event.type != kReversed) return absl::OkStatus();
  if (IsOfThePartner(event)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<FeeEntry> fee, fees_.FindEarned(deadline, event.tenant, event.aggregate));
  if (!fee.has_value()) {
    return NotFound("FEE_NOT_FOUND", "There is no earned fee segment for the event.",
                    {{"fee", event.aggregate.ToString()}});
  }
  ASSIGN_OR_RETURN(const EnteredFee entered, fees_.FindEntered(deadline, *fee));
  const rpc::WorkerAct act = ActAfter(event, fee->accrue_time);
  if (!entered.done) RETURN_IF_ERROR(Enter(*fee, entered, act, deadline));
  if (fee->key.reversal == 0) return absl::OkStatus();
  return GiveBackCorrections(fees_, committer_, act, *fee, deadline);
}

absl::Status FeeRelay::Enter(const FeeEntry& earned, const EnteredFee& entered, const rpc::WorkerAct& act,
                             absl::Time deadline) const {
  ASSIGN_OR_RETURN(const PartnerState partner, partners_.Known(deadline, earned.segment.partner));
  ASSIGN_OR_RETURN(const FeeFate fate, FateIn(deadline, earned, entered, partner));
  ASSIGN_OR_RETURN(const FeeEntry entry, WithFate(earned, fate));

  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, FeeStore::AccruedRows(entry));
  const events::Event event_of_partner =
      PartnersFeeEvent(act, entry, entry.key.reversal == 0 ? "FEE_ACCRUED" : "FEE_REVERSED");
  events::Change change{.events = {event_of_partner}, .reply = std::nullopt, .rows = std::move(rows)};
  if (fate.state == FeeState::kHeld) change.also = PartnerStateStore::StaysAt(partner);
  return committer_.Commit(deadline, change);
}

absl::StatusOr<FeeFate> FeeRelay::FateIn(absl::Time deadline, const FeeEntry& fee, const EnteredFee& entered,
                                         const PartnerState& partner) const {
  if (fee.key.reversal == 0) return FateOf(partner, fee.accrue_time);
  if (!entered.reversed.has_value()) {
    return Error(absl::StatusCode::kUnavailable, "FEE_NOT_ENTERED", "The fee that is reversed is not entered yet.");
  }
  std::optional<FeeHold> hold;
  if (entered.reversed->hold.has_value()) {
    ASSIGN_OR_RETURN(hold, holds_.Find(deadline, fee.segment.partner, *entered.reversed->hold));
  }
  return FateOfReversal(*entered.reversed, hold);
}

}  // namespace countersign::billing
