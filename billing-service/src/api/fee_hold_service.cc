#include "billing-service/src/api/fee_hold_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/fee_hold_messages.h"
#include "billing-service/src/api/partner_state_messages.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::StatusOr<v1::ListFeeHoldsResponse> FeeHoldService::List(const rpc::Call& call,
                                                              const ListFeeHoldsCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<FeeHold> page, holds_.List(call.deadline(), command.partner, command.list.page));
  v1::ListFeeHoldsResponse reply;
  for (const FeeHold& hold : page.items) *reply.add_fee_holds() = ToProto(hold);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::FeeHold> FeeHoldService::Set(const rpc::Call& call, const SetFeeHoldCommand& command) {
  RETURN_IF_ERROR(subscriptions_.Get(call.deadline(), command.account, command.subscription).status());
  const SelfDealing about{.partner = command.tenant, .account = command.account, .subscription = command.subscription};
  ASSIGN_OR_RETURN(const std::optional<FeeHold> known, holds_.Find(call.deadline(), about.partner, HoldIdOf(about)));
  // What an operator decided stands: order-service says the same of an order for ever.
  const bool by_service = call.caller().role == rpc::Role::kService;
  if (by_service && known.has_value()) return ToProto(*known);
  ASSIGN_OR_RETURN(const FeeHold hold, SetSelfDealing(known, about, command.reason, call.now()));
  const v1::FeeHold reply = ToProto(hold);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = {FeeHoldStore::Row(hold)}, .events = {FeeHoldEventOf(call, hold)}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::FeeHold> FeeHoldService::Release(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const FeeHold known, holds_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, known.version));
  ASSIGN_OR_RETURN(const FeeHold hold, EndHold(known, FeeHoldState::kReleased, named.reason, call.now()));
  const v1::FeeHold reply = ToProto(hold);
  std::vector<mysql::RowWrite> rows = {FeeHoldStore::Row(hold)};
  std::vector<events::Event> events = {FeeHoldEventOf(call, hold)};
  ASSIGN_OR_RETURN(PartnerState state, states_.Known(call.deadline(), named.tenant));
  if (state.hold == hold.id && state.standing == PartnerStanding::kSuspended) {
    const FeeHold next = SuccessorOf(hold, call.now());
    state.hold = next.id;
    ++state.version;
    rows.push_back(FeeHoldStore::Row(next));
    rows.push_back(PartnerStateStore::Row(state));
    events.push_back(FeeHoldEventOf(call, next));
    events.push_back(PartnerStateEventOf(call, state, named.reason));
  }
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
