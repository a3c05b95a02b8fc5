#include "order-service/src/api/press_handlers.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/mysql/change.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

absl::StatusOr<v1::Order> PressHandlers::Confirm(const rpc::Call& call, const ConfirmOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), command.name));
  // Pressed again: the first confirmation stands, whatever the form says now.
  if (stored.order.WasConfirmedBy(command.press)) return ToProto(stored.order);
  ASSIGN_OR_RETURN(const Order confirmed, stored.order.Confirm(command.press, stored.partner.active, call.now()));
  v1::Order reply = ToProto(confirmed);

  const mysql::Change change =
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
  const mysql::Change change =
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
  if (!command.state.IsNewerThan(known)) return reply;

  v1::ApplyPartnerStateRequest applied;  // What was applied, as the record of it.
  applied.set_partner(rpc::FormatName(kPartnerName, {command.tenant}));
  applied.set_version(command.state.version);
  applied.set_active(command.state.active);
  const mysql::Change change = call.MakeChange({call.MakeEvent(command.tenant, command.tenant, command.state.version,
                                                               "PARTNER_STATE_APPLIED", applied, applied)},
                                               reply);
  RETURN_IF_ERROR(orders_.ApplyPartnerState(call.deadline(), command.tenant, command.state, change));
  return reply;
}

}  // namespace countersign::order
