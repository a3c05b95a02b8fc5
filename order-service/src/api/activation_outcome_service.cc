#include "order-service/src/api/activation_outcome_service.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/order_messages.h"

namespace countersign::order {
namespace {

// A draft that waited once may be about another subscription now. An order that only changes the partner may be
// confirmed whatever has become of the term.
bool WaitsFor(const Order& order, const Uuid& subscription) {
  const bool of_term = order.kind == OrderKind::kChangeSeats || order.kind == OrderKind::kRenew;
  if (order.state != OrderState::kAwaitingConfirmation || !of_term) return false;
  const OrderLine& line = order.terms.lines.front();
  return line.subscription.has_value() && line.subscription->id == subscription;
}

// The outcome was applied before, by whichever way it came.
bool HasTaken(const Order& order, const ApplyActivationOutcomeCommand& outcome) {
  if (!outcome.activated) return order.WasAbandoned();
  return order.state == OrderState::kCompleted && order.subscriptions == outcome.subscriptions;
}

}  // namespace

absl::StatusOr<v1::ApplyActivationOutcomeResponse> ActivationOutcomeService::Apply(
    const rpc::Call& call, const ApplyActivationOutcomeCommand& command) {
  const v1::ApplyActivationOutcomeResponse reply;
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {command.tenant, command.id}));
  const Order& before = stored.order;
  if (before.revision == command.revision && HasTaken(before, command)) return reply;
  const absl::StatusOr<Order> ended = command.activated ? before.Complete(command.subscriptions, call.now())
                                                        : before.Abandon(command.reason, call.now());
  RETURN_IF_ERROR(ended.status());
  if (before.revision != command.revision) {
    return FailedPrecondition("ORDER_STATE", "Another revision of the order was confirmed. Name that revision.");
  }
  const events::Event event = call.MakeEvent({.aggregate = command.id,
                                              .version = ended->version,
                                              .type = command.activated ? "ORDER_COMPLETED" : "ORDER_CANCELLED",
                                              .payload = EventOf(before, *ended),
                                              .resource = ToProto(*ended),
                                              .reason = command.reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = command.activated ? OrderStore::RowsOfCompleted(stored, *ended)
                                                                : std::vector<mysql::RowWrite>{OrderStore::Row(*ended)},
                                      .events = {event},
                                      .reply = reply})));
  return reply;
}

absl::StatusOr<v1::ExpireWaitingChangeResponse> ActivationOutcomeService::ExpireWaiting(
    const rpc::Call& call, const ExpireWaitingChangeCommand& command) {
  const v1::ExpireWaitingChangeResponse reply;
  ASSIGN_OR_RETURN(const std::optional<OrderName> name,
                   orders_.FindWaitingChange(call.deadline(), command.tenant, command.subscription));
  if (!name.has_value()) return reply;
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), *name));
  if (!WaitsFor(stored.order, command.subscription)) return reply;
  ASSIGN_OR_RETURN(const Order expired, stored.order.ExpireChanged(command.reason, call.now()));
  const events::Event event = call.MakeEvent({.aggregate = expired.name.id,
                                              .version = expired.version,
                                              .type = "ORDER_EXPIRED",
                                              .payload = EventOf(stored.order, expired),
                                              .resource = ToProto(expired),
                                              .reason = command.reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {OrderStore::Row(expired)}, .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::order
