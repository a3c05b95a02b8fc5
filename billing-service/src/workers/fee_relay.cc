#include "billing-service/src/workers/fee_relay.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr char kEarned[] = "FEE_EARNED";
constexpr char kReversed[] = "FEE_REVERSED";

}  // namespace

events::Consumer FeeRelay::consumer() const {
  return {.name = "fees",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          // A partner would never be paid what a paid line has earned, or be paid what was taken back.
          .must_arrive = {kEarned, kReversed}};
}

absl::Status FeeRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type != kEarned && event.type != kReversed) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<FeeEntry> fee, fees_.FindEarned(deadline, event.tenant, event.aggregate));
  if (!fee.has_value()) {
    return NotFound("FEE_NOT_FOUND", "There is no earned fee segment for the event.",
                    {{"fee", event.aggregate.ToString()}});
  }
  const Uuid& partner = fee->segment.partner;
  ASSIGN_OR_RETURN(const bool done, fees_.Exists(deadline, partner, fee->id));
  if (done) return absl::OkStatus();

  ASSIGN_OR_RETURN(const LedgerTransaction posting,
                   PostFeePayable(partner, fee->id, fee->amount, DateOf(fee->accrue_time)));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, LedgerRows(posting, fee->accrue_time));
  rows.push_back(FeeStore::AccruedRow(*fee));
  const events::Event accrued = rpc::WorkerEvent(ActAfter(event, fee->accrue_time),
                                                 {.tenant = partner,
                                                  .aggregate = fee->id,
                                                  .version = fee->version,
                                                  .type = fee->key.reversal == 0 ? "FEE_ACCRUED" : "FEE_REVERSED",
                                                  .payload = EventOf(*fee),
                                                  .resource = ToProto(*fee)});
  return committer_.Commit(deadline, {.events = {accrued}, .reply = std::nullopt, .rows = std::move(rows)});
}

}  // namespace countersign::billing
