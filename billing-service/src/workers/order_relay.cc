#include "billing-service/src/workers/order_relay.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/names.h"
#include "common/base/status_macros.h"
#include "common/events/delivery_request.h"
#include "common/rpc/names.h"
#include "countersign/billing/v1/parked_activation.pb.h"

namespace countersign::billing {
namespace {

constexpr char kOrderRelay[] = "orders";
constexpr char kRetried[] = "ACTIVATION_RETRIED";
constexpr char kAbandoned[] = "ACTIVATION_ABANDONED";

// What changes the state or the term of a subscription that ran before, and how its partner reads it.
struct TermChange {
  absl::string_view type;
  absl::string_view reason;
};
constexpr TermChange kTermChanges[] = {
    {"SUBSCRIPTION_PAST_DUE", "The subscription is past due."},
    {"SUBSCRIPTION_SUSPENDED", "The subscription was suspended."},
    {"SUBSCRIPTION_RESUMED", "The subscription was resumed."},
    {"SUBSCRIPTION_CANCELLED", "The subscription was cancelled."},
    {"SUBSCRIPTION_EXPIRED", "The subscription's term ended."},
    {"SUBSCRIPTION_RENEWED", "The subscription was renewed."},
};

absl::Status DeliverTermChange(OrderClient& orders, const SubscriptionStore& subscriptions, const events::Event& event,
                               absl::string_view reason, absl::Time deadline) {
  ASSIGN_OR_RETURN(const Subscription subscription, subscriptions.Get(deadline, event.tenant, event.aggregate));
  std::set<Uuid> partners;
  for (const PartnerAssignment& assignment : subscription.partners) partners.insert(assignment.partner);
  for (const Uuid& partner : partners) {
    order::v1::ExpireWaitingChangeRequest request;
    request.set_partner(rpc::FormatName(kPartnerName, {partner}));
    request.set_subscription(rpc::FormatName(kSubscriptionName, {event.tenant, event.aggregate}));
    request.set_reason(std::string(reason));
    request.set_request_id(events::DeliveryRequestId(kOrderRelay, event, partner.ToString()));
    RETURN_IF_ERROR(orders.ExpireWaitingChange(rpc::WorkerOutgoing("billing-service", deadline, event), request));
  }
  return absl::OkStatus();
}

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

events::Consumer OrderConsumer(OrderClient& orders, const SubscriptionStore& subscriptions) {
  return {.name = kOrderRelay,
          .deliver =
              [&orders, &subscriptions](const events::Event& event, absl::Time deadline) {
                for (const TermChange& change : kTermChanges) {
                  if (event.type == change.type) {
                    return DeliverTermChange(orders, subscriptions, event, change.reason, deadline);
                  }
                }
                return DeliverOutcome(orders, event, deadline);
              },
          // Without them the order would stay CONFIRMED for ever.
          .must_arrive = {kRetried, kAbandoned},
          .concerns =
              [](const events::Event& event) {
                return event.type == kRetried || event.type == kAbandoned ||
                       std::any_of(std::begin(kTermChanges), std::end(kTermChanges),
                                   [&](const TermChange& change) { return event.type == change.type; });
              }};
}

}  // namespace countersign::billing
