#include "order-service/src/api/press_handlers.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/order.h"

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

constexpr int kReasonChars = 500;  // As wide as the columns of reasons.

std::string Shortened(const std::string& text, int max_chars) {
  const auto begins_char = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  int chars = 0;
  size_t cut = 0;  // Where the last of the characters that are allowed begins.
  for (size_t i = 0; i < text.size(); ++i) {
    if (begins_char(text[i]) && ++chars == max_chars) cut = i;
  }
  return chars <= max_chars ? text : absl::StrCat(text.substr(0, cut), "…");
}

// What the withdrawn orders say: to the partner and to operators, never to the customer. Empty without a reason: what
// was said before stands.
std::string WithdrawReasonOf(partner::v1::Partner::State state, const std::string& reason) {
  return reason.empty() ? "" : Shortened(absl::StrCat(WhatHappened(state), ": ", reason), kReasonChars);
}

}  // namespace

absl::StatusOr<v1::Order> PressHandlers::Confirm(const rpc::Call& call, const ConfirmOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), command.name));
  // Pressed again: the first confirmation stands, whatever the form says now.
  if (stored.order.WasConfirmedBy(command.press)) return ToProto(stored.order);
  ASSIGN_OR_RETURN(
      const Order confirmed,
      stored.order.Confirm(command.press, stored.partner.StandsBehind(stored.order.seller_version), call.now()));
  v1::Order reply = ToProto(confirmed);

  const events::Change change =
      call.MakeChange({call.MakeEvent(command.tenant, confirmed.name.id, confirmed.version, "ORDER_CONFIRMED",
                                      EventOf(stored.order, confirmed), reply)},
                      reply);
  RETURN_IF_ERROR(orders_.Confirm(call.deadline(), confirmed, command.acceptance, change));
  return reply;
}

absl::StatusOr<v1::Order> PressHandlers::Decline(const rpc::Call& call, const DeclineOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), command.name));
  if (stored.order.WasDeclinedBy(command.press)) return ToProto(stored.order);
  ASSIGN_OR_RETURN(const Order declined, stored.order.Decline(command.press, command.reason, call.now()));
  v1::Order reply = ToProto(declined);

  // The customer's words stay in the order's row, which can be erased: an event cannot.
  const events::Change change =
      call.MakeChange({call.MakeEvent(command.tenant, declined.name.id, declined.version, "ORDER_DECLINED",
                                      EventOf(stored.order, declined), reply)},
                      reply);
  RETURN_IF_ERROR(orders_.Update(call.deadline(), declined, change));
  return reply;
}

absl::StatusOr<v1::ApplyPartnerStateResponse> PressHandlers::ApplyPartnerState(
    const rpc::Call& call, const ApplyPartnerStateCommand& command) {
  const v1::ApplyPartnerStateResponse reply;
  ASSIGN_OR_RETURN(const PartnerState known, orders_.GetPartnerState(call.deadline(), command.tenant));
  if (!command.state.IsNewsTo(known)) return reply;

  v1::ApplyPartnerStateRequest applied;  // What was applied, as the record of it.
  applied.set_partner(rpc::FormatName(kPartnerName, {command.tenant}));
  applied.set_version(command.state.version);
  applied.set_active(command.state.active);
  applied.set_state(command.partner_state);
  const events::Change change =
      call.MakeChange({call.MakeEvent(command.tenant, command.tenant, command.state.version, "PARTNER_STATE_APPLIED",
                                      applied, applied, command.reason)},
                      reply);
  const std::string withdraw_reason = WithdrawReasonOf(command.partner_state, command.reason);
  RETURN_IF_ERROR(orders_.ApplyPartnerState(call.deadline(), command.tenant, command.state, withdraw_reason, change));
  if (!command.state.active && withdraw_) withdraw_(command.tenant);
  return reply;
}

}  // namespace countersign::order
