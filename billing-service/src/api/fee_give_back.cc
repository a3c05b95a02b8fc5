#include "billing-service/src/api/fee_give_back.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/partner_state.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"

namespace countersign::billing {

absl::Status GiveBackCorrections(const FeeStore& fees, events::Committer& committer, const rpc::WorkerAct& act,
                                 const FeeEntry& fee, absl::Time deadline) {
  return events::RunUntilNotLost(deadline, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<FeeEntry> entries, fees.ListOfSegment(deadline, fee));
    ASSIGN_OR_RETURN(const std::optional<FeeEntry> back, GiveBack(entries, act.now));
    if (!back.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, FeeStore::AccruedRows(*back));
    return committer.Commit(
        deadline,
        {.events = {PartnersFeeEvent(act, *back, "FEE_ADJUSTED")}, .reply = std::nullopt, .rows = std::move(rows)});
  });
}

}  // namespace countersign::billing
