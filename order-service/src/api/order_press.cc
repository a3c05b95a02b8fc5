// The customer's presses, passed on by link-service: ConfirmOrder and DeclineOrder.
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_service.h"
#include "order-service/src/store/partner_state_store.h"

namespace countersign::order {

absl::StatusOr<v1::Order> OrderService::Confirm(const rpc::Call& call, const ConfirmOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {command.tenant, command.id}));
  const Order& waiting = stored.order;
  // Pressed again: the first confirmation stays, whatever the form says now.
  if (waiting.WasConfirmedBy(command.press)) return ToProto(waiting);
  const bool partner_active = stored.partner.StandsBehind(waiting.seller_version);
  ASSIGN_OR_RETURN(const Order confirmed, waiting.Confirm(command.press, partner_active, call.now()));
  RETURN_IF_ERROR(waiting.CheckPayer(command.acceptance.NamesPayer()));
  if (!waiting.terms.region.empty() && command.acceptance.NamesPayer() &&
      command.acceptance.billing_address.region_code != waiting.terms.region) {
    return InvalidField("acceptance.billing_address.region_code",
                        absl::StrCat("must be ", waiting.terms.region, ", for which the order was tailored"));
  }
  RETURN_IF_ERROR(waiting.CheckVerified(command.contact_verified));
  return Save(call, {.before = waiting,
                     .after = confirmed,
                     .event = "ORDER_CONFIRMED",
                     .rows = OrderStore::RowsOfConfirmed(confirmed, command.acceptance),
                     .guards = {PartnerStateStore::StandsBehind(command.tenant, waiting.seller_version)}});
}

absl::StatusOr<v1::Order> OrderService::Decline(const rpc::Call& call, const DeclineOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {command.tenant, command.id}));
  if (stored.order.WasDeclinedBy(command.press)) return ToProto(stored.order);
  ASSIGN_OR_RETURN(const Order declined, stored.order.Decline(command.press, command.reason, call.now()));
  // The customer's words stay in the order's row, which can be erased: an event cannot.
  return Save(
      call,
      {.before = stored.order, .after = declined, .event = "ORDER_DECLINED", .rows = {OrderStore::Row(declined)}});
}

}  // namespace countersign::order
