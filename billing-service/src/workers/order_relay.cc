#include "billing-service/src/workers/order_relay.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/delivery_request.h"
#include "countersign/billing/v1/parked_activation.pb.h"

namespace countersign::billing {
namespace {

constexpr char kOrderRelay[] = "orders";
constexpr char kRetried[] = "ACTIVATION_RETRIED";
constexpr char kAbandoned[] = "ACTIVATION_ABANDONED";

absl::Status DeliverOutcome(OrderClient& orders, const events::Event& event, absl::Time deadline) {
  if (event.type != kRetried && event.type != kAbandoned) return absl::OkStatus();
  v1::ParkedActivationEvent parked;
  if (!parked.ParseFromString(event.payload)) return absl::InvalidArgumentError("The event's payload does not parse.");
  order::v1::ApplyActivationOutcomeRequest request;
  request.set_order(parked.order());
  request.set_revision(parked.revision());
  if (event.type == kRetried) {
    request.set_outcome(order::v1::ApplyActivationOutcomeRequest::OUTCOME_ACTIVATED);
    *request.mutable_subscriptions() = parked.subscriptions();
  } else {
    request.set_outcome(order::v1::ApplyActivationOutcomeRequest::OUTCOME_ABANDONED);
    request.set_reason(event.reason);
  }
  request.set_request_id(events::DeliveryRequestId(kOrderRelay, event));
  return orders.ApplyActivationOutcome(rpc::WorkerOutgoing("billing-service", deadline, event), request);
}

}  // namespace

events::Consumer OrderConsumer(OrderClient& orders) {
  return {.name = kOrderRelay,
          .deliver = [&orders](const events::Event& event,
                               absl::Time deadline) { return DeliverOutcome(orders, event, deadline); },
          // Without them the order would stay CONFIRMED for ever.
          .must_arrive = {kRetried, kAbandoned}};
}

}  // namespace countersign::billing
