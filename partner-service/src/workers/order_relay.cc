#include "partner-service/src/workers/order_relay.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "common/events/delivery_request.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/partner.pb.h"

namespace countersign::partner {
namespace {

// The form of the request; raise it when the request gains fields. It is part of the request_id, so an event that was
// delivered in an older form and is delivered again is a new request, not a reused id, which would be refused for good.
constexpr absl::string_view kForm = "2";

constexpr char kErased[] = "CUSTOMER_ERASED";

// order-service erases what it has of the customer, and has the others do so. It refuses what is not settled.
absl::Status DeliverErasure(OrderClient& orders, const events::Event& event, absl::Time deadline) {
  v1::CustomerEvent customer;
  if (!customer.ParseFromString(event.payload)) {
    return absl::InvalidArgumentError("The event's payload does not parse.");
  }
  order::v1::EraseCustomerRequest request;
  request.set_name(customer.customer());
  request.set_request_id(events::DeliveryRequestId("order", event));
  return orders.EraseCustomer(rpc::WorkerOutgoing("partner-service", deadline, event), request).status();
}

absl::Status DeliverPartnerState(OrderClient& orders, const events::Event& event, absl::Time deadline) {
  if (event.type == kErased) return DeliverErasure(orders, event, deadline);
  if (!absl::StartsWith(event.type, "PARTNER_")) return absl::OkStatus();
  v1::PartnerEvent partner;
  if (!partner.ParseFromString(event.payload)) return absl::InvalidArgumentError("The event's payload does not parse.");
  order::v1::ApplyPartnerStateRequest request;
  request.set_partner(partner.partner());
  request.set_version(partner.version());
  request.set_active(partner.state() == v1::Partner::STATE_ACTIVE);
  request.set_state(partner.state());
  if (!request.active()) {
    // The reason of the last transition. Payloads of old events lack it; those events are the transition itself.
    request.set_reason(partner.state_reason().empty() ? event.reason : partner.state_reason());
  }
  request.set_request_id(events::DeliveryRequestId("order", event, kForm));
  return orders.ApplyPartnerState(rpc::WorkerOutgoing("partner-service", deadline, event), request);
}

}  // namespace

events::Consumer OrderConsumer(OrderClient& orders) {
  return {
      .name = "order",
      .deliver = [&orders](const events::Event& event,
                           absl::Time deadline) { return DeliverPartnerState(orders, event, deadline); },
      // Without these, orders of a partner that may no longer sell would still be submitted and confirmed, and no
      // event follows a termination. Without any other event the partner at worst cannot sell yet, or order-service
      // keeps an older state until the next event, which carries all of it. An erasure that was promised is done.
      .must_arrive = {"PARTNER_SUSPENDED", "PARTNER_TERMINATED", kErased},
      .concerns =
          [](const events::Event& event) { return event.type == kErased || absl::StartsWith(event.type, "PARTNER_"); }};
}

}  // namespace countersign::partner
