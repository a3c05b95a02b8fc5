#include "order-service/src/workers/billing_relay.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/workers/worker_change.h"

namespace countersign::order {
namespace {

constexpr char kBillingConsumer[] = "billing";
constexpr char kConfirmed[] = "ORDER_CONFIRMED";

absl::StatusOr<std::vector<Uuid>> SubscriptionsOf(const billing::v1::ActivateOrderResponse& response) {
  std::vector<Uuid> subscriptions;
  for (const std::string& name : response.subscriptions()) {
    const absl::StatusOr<std::vector<Uuid>> ids = rpc::ParseName(kSubscriptionName, name);
    if (!ids.ok()) return absl::InternalError("billing-service named a subscription that is none");
    subscriptions.push_back((*ids)[1]);
  }
  return subscriptions;
}

absl::Status TryToDeliver(OrderStore& orders, BillingClient& billing, const Clock& clock, const events::Event& event,
                          absl::Time deadline) {
  if (event.type != kConfirmed) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ConfirmedOrder confirmed, orders.GetConfirmed(deadline, {event.tenant, event.aggregate}));
  if (confirmed.order.state != OrderState::kConfirmed) return absl::OkStatus();  // Delivered before.

  billing::v1::ActivateOrderRequest request = ActivationOf(confirmed);
  // The same event has the same request_id, however often it is delivered.
  request.set_request_id(
      Uuid::Derived({kBillingConsumer, event.aggregate.bytes(), absl::StrCat(event.version)}).ToString());
  ASSIGN_OR_RETURN(const auto activated, billing.ActivateOrder(rpc::WorkerOutgoing(kServiceName, deadline), request));
  ASSIGN_OR_RETURN(std::vector<Uuid> subscriptions, SubscriptionsOf(activated));
  ASSIGN_OR_RETURN(const Order completed, confirmed.order.Complete(std::move(subscriptions), clock.Now()));
  return orders.Update(deadline, completed, WorkerChange("ORDER_COMPLETED", confirmed.order, completed));
}

// Two relays may deliver the same event at once; the one that loses finds the order completed when it looks again.
absl::Status Deliver(OrderStore& orders, BillingClient& billing, const Clock& clock, const events::Event& event,
                     absl::Time deadline) {
  const absl::Status first = TryToDeliver(orders, billing, clock, event, deadline);
  return IsLostRace(first) ? TryToDeliver(orders, billing, clock, event, deadline) : first;
}

}  // namespace

events::Consumer BillingConsumer(OrderStore& orders, BillingClient& billing, const Clock& clock) {
  return {.name = kBillingConsumer,
          .deliver = [&](const events::Event& event,
                         absl::Time deadline) { return Deliver(orders, billing, clock, event, deadline); },
          // The order would stay CONFIRMED for ever, and nobody would know whether billing has activated it. An
          // activation is given up only after billing has written that it never will.
          .must_arrive = {kConfirmed}};
}

}  // namespace countersign::order
