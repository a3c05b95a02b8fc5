#include "partner-service/src/workers/order_relay.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "countersign/partner/v1/partner.pb.h"

namespace countersign::partner {
namespace {

// Which fields the request has: one more whenever it gains some. An event that was delivered in an older form and comes
// again is then another request, instead of the same with other content, which would be refused for good.
constexpr absl::string_view kForm = "2";

absl::Status DeliverPartnerState(OrderClient& orders, const events::Event& event, absl::Time deadline) {
  if (!absl::StartsWith(event.type, "PARTNER_")) return absl::OkStatus();
  v1::PartnerEvent partner;
  if (!partner.ParseFromString(event.payload)) return absl::InvalidArgumentError("the event's payload does not parse");
  order::v1::ApplyPartnerStateRequest request;
  request.set_partner(partner.partner());
  request.set_version(partner.version());
  request.set_active(partner.state() == v1::Partner::STATE_ACTIVE);
  request.set_state(partner.state());
  if (!request.active()) {
    // Of the transition, whatever this event is about; events from before payloads had it are the transition itself.
    request.set_reason(partner.state_reason().empty() ? event.reason : partner.state_reason());
  }
  // The same event has the same request_id, however often it is delivered.
  request.set_request_id(
      Uuid::Derived({"order", event.aggregate.bytes(), absl::StrCat(event.version), kForm}).ToString());
  return orders.ApplyPartnerState(rpc::WorkerOutgoing("partner-service", deadline), request);
}

}  // namespace

events::Consumer OrderConsumer(OrderClient& orders) {
  return {.name = "order",
          .deliver = [&orders](const events::Event& event,
                               absl::Time deadline) { return DeliverPartnerState(orders, event, deadline); },
          // The orders of a partner that may no longer sell would go on being submitted and confirmed, and after a
          // termination no later event would tell. Without any other event a partner can at most not sell yet, or order
          // has what it knew before, until the next event says all of it again.
          .must_arrive = {"PARTNER_SUSPENDED", "PARTNER_TERMINATED"}};
}

}  // namespace countersign::partner
