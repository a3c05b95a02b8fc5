#include "billing-service/src/api/partner_state_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/fee_hold_messages.h"
#include "billing-service/src/api/partner_state_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::ApplyPartnerStateResponse> PartnerStateService::Apply(const rpc::Call& call,
                                                                         const ApplyPartnerStateCommand& command) {
  const v1::ApplyPartnerStateResponse reply;
  ASSIGN_OR_RETURN(const PartnerState known, states_.Known(call.deadline(), command.tenant));
  if (command.news.partner_version <= known.partner_version) return reply;

  std::optional<FeeHold> hold;
  if (known.hold.has_value()) {
    ASSIGN_OR_RETURN(hold, holds_.Find(call.deadline(), command.tenant, *known.hold));
  }
  StateNews news = command.news;
  news.change_time = call.now();  // What was paid before is known by this service's clock only.
  ASSIGN_OR_RETURN(const TakenState taken, TakeState(known, hold, news));
  std::vector<mysql::RowWrite> rows = {PartnerStateStore::Row(taken.state)};
  std::vector<events::Event> events = {PartnerStateEventOf(call, taken.state, command.news.reason)};
  if (taken.hold.has_value()) {
    rows.push_back(FeeHoldStore::Row(*taken.hold));
    events.push_back(FeeHoldEventOf(call, *taken.hold));
  }
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
