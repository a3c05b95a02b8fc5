#include "order-service/src/api/partner_state_service.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/names.h"

namespace countersign::order {
namespace {

absl::string_view WhatHappened(partner::v1::Partner::State state) {
  switch (state) {
    case partner::v1::Partner::STATE_SUSPENDED:
      return "The partner was suspended";
    case partner::v1::Partner::STATE_TERMINATED:
      return "The partner left the programme";
    default:
      return "The partner is not active";
  }
}

std::string Shortened(const std::string& text, int max_chars) {
  const auto begins_char = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  int chars = 0;
  size_t cut = 0;  // Where the last of the characters that are allowed begins.
  for (size_t i = 0; i < text.size(); ++i) {
    if (begins_char(text[i]) && ++chars == max_chars) cut = i;
  }
  return chars <= max_chars ? text : absl::StrCat(text.substr(0, cut), "…");
}

// The withdrawn orders' state_reason, for the partner and operators, never for the customer. Empty without a reason:
// the earlier one stays.
std::string WithdrawReasonOf(partner::v1::Partner::State state, const std::string& reason) {
  return reason.empty() ? "" : Shortened(absl::StrCat(WhatHappened(state), ": ", reason), rpc::kMaxReasonChars);
}

// The applied state, for the event.
v1::ApplyPartnerStateRequest AppliedOf(const ApplyPartnerStateCommand& command) {
  v1::ApplyPartnerStateRequest applied;
  applied.set_partner(rpc::FormatName(kPartnerName, {command.tenant}));
  applied.set_version(command.state.version);
  applied.set_active(command.state.active);
  applied.set_state(command.partner_state);
  return applied;
}

}  // namespace

absl::StatusOr<v1::ApplyPartnerStateResponse> PartnerStateService::Apply(const rpc::Call& call,
                                                                         const ApplyPartnerStateCommand& command) {
  const v1::ApplyPartnerStateResponse reply;
  ASSIGN_OR_RETURN(const PartnerState known, states_.Known(call.deadline(), command.tenant));
  if (!command.state.IsNewsTo(known)) return reply;

  const v1::ApplyPartnerStateRequest applied = AppliedOf(command);
  const events::Event event = call.MakeEvent({.aggregate = command.tenant,
                                              .version = command.state.version,
                                              .type = "PARTNER_STATE_APPLIED",
                                              .payload = applied,
                                              .resource = applied,
                                              .reason = command.reason});
  const LearntState learnt{command.tenant, command.state, WithdrawReasonOf(command.partner_state, command.reason)};
  const absl::Status committed = committer_.Commit(
      call.deadline(), call.ChangeOf({.events = {event}, .reply = reply, .also = PartnerStateStore::TakeOver(learnt)}));
  // The event is there although its state is news: a replica that did not know inactive_version yet applied it.
  // Nothing else loses a race here.
  RETURN_IF_ERROR(IsLostRace(committed) ? states_.TakeOverNow(call.deadline(), learnt) : committed);
  if (!command.state.active && withdraw_) withdraw_(command.tenant);
  return reply;
}

}  // namespace countersign::order
