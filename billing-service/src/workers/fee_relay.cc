#include "billing-service/src/workers/fee_relay.h"

#include <optional>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr char kEarned[] = "FEE_EARNED";

}  // namespace

events::Consumer FeeRelay::consumer() const {
  return {.name = "fees",
          .deliver = [this](const events::Event& event,
                            absl::Time deadline) { return RunUntilNotLost([&] { return Deliver(event, deadline); }); },
          // A partner would never be paid what a paid line has earned.
          .must_arrive = {kEarned}};
}

absl::Status FeeRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type != kEarned) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<FeeEntry> fee, fees_.FindEarned(deadline, event.tenant, event.aggregate));
  if (!fee.has_value()) return NotFound("FEE_NOT_FOUND", "the event's fee segment is not there");
  const Uuid& partner = fee->segment.partner;
  ASSIGN_OR_RETURN(const bool done, fees_.Exists(deadline, partner, fee->id));
  if (done) return absl::OkStatus();

  ASSIGN_OR_RETURN(const LedgerTransaction posting,
                   PostFeePayable(partner, fee->id, fee->amount, DateOf(fee->accrue_time)));
  const events::Change change = {.events = {rpc::WorkerEvent(ActAfter(event, fee->accrue_time), partner, fee->id, 1,
                                                             "FEE_ACCRUED", EventOf(*fee), ToProto(*fee))},
                                 .reply = std::nullopt};
  return fees_.Accrue(deadline, change, *fee, posting);
}

}  // namespace countersign::billing
