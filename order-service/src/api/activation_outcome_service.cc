#include "order-service/src/api/activation_outcome_service.h"

#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/order_messages.h"

namespace countersign::order {
namespace {

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

}  // namespace countersign::order
