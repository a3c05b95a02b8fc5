#include "billing-service/src/workers/forfeiture.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/partner_state.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/store/rows.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr char kHoldForfeited[] = "FEE_HOLD_FORFEITED";
constexpr int kForfeitedAtOnce = 50;  // Entries, each with an event, a fee and three rows of the ledger.

}  // namespace

events::Consumer Forfeiture::consumer() const {
  return {.name = "forfeiture",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          // A terminated partner would keep a claim to what it forfeited.
          .must_arrive = {kHoldForfeited},
          .concerns = [](const events::Event& event) { return event.type == kHoldForfeited; }};
}

absl::Status Forfeiture::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type != kHoldForfeited) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FeeHold hold, holds_.Get(deadline, event.tenant, event.aggregate));
  // First everything that was taken back already, so that what is held is taken back once.
  std::vector<FeeEntry> held;
  std::set<Uuid> done;
  Uuid after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<FeeEntry> page, fees_.ListUnderHold(deadline, hold, after, kForfeitedAtOnce));
    if (page.empty()) break;
    for (const FeeEntry& fee : page) {
      if (fee.cause == FeeCause::kForfeited) {
        done.insert(fee.cause_id.value_or(Uuid()));
      } else {
        held.push_back(fee);
      }
    }
    after = page.back().id;
  }
  held.erase(std::remove_if(held.begin(), held.end(), [&](const FeeEntry& fee) { return done.contains(fee.id); }),
             held.end());
  std::vector<FeeEntry> forfeited = Forfeit(held, hold, hold.end_time.value_or(event.create_time));
  while (!forfeited.empty()) {
    const auto end = forfeited.begin() + std::min<std::ptrdiff_t>(kForfeitedAtOnce, std::ssize(forfeited));
    RETURN_IF_ERROR(Write(event, deadline, {forfeited.begin(), end}));
    forfeited.erase(forfeited.begin(), end);
  }
  return absl::OkStatus();
}

absl::Status Forfeiture::Write(const events::Event& event, absl::Time deadline,
                               const std::vector<FeeEntry>& forfeited) const {
  std::vector<mysql::RowWrite> rows;
  std::vector<events::Event> events;
  for (const FeeEntry& fee : forfeited) {
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> of_fee, FeeStore::AccruedRows(fee));
    AppendRows(rows, std::move(of_fee));
    events.push_back(PartnersFeeEvent(ActAfter(event, fee.accrue_time), fee, "FEE_FORFEITED"));
  }
  return committer_.Commit(deadline, {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)});
}

}  // namespace countersign::billing
