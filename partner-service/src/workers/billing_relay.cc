#include "partner-service/src/workers/billing_relay.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "common/events/delivery_request.h"
#include "common/rpc/convert.h"
#include "countersign/partner/v1/partner.pb.h"

namespace countersign::partner {
namespace {

// The form of the request, see order_relay.cc.
constexpr absl::string_view kBillingForm = "1";

absl::Status DeliverToBilling(BillingClient& billing, const events::Event& event, absl::Time deadline) {
  if (!absl::StartsWith(event.type, "PARTNER_")) return absl::OkStatus();
  v1::PartnerEvent partner;
  if (!partner.ParseFromString(event.payload)) return absl::InvalidArgumentError("The event's payload does not parse.");
  billing::v1::ApplyPartnerStateRequest request;
  request.set_partner(partner.partner());
  request.set_version(partner.version());
  request.set_state(partner.state());
  *request.mutable_change_time() = rpc::ToProto(event.create_time);
  if (partner.state() != v1::Partner::STATE_ACTIVE) {
    request.set_reason(partner.state_reason().empty() ? event.reason : partner.state_reason());
  }
  request.set_request_id(events::DeliveryRequestId("billing", event, kBillingForm));
  return billing.ApplyPartnerState(rpc::WorkerOutgoing("partner-service", deadline, event), request);
}

}  // namespace

events::Consumer BillingConsumer(BillingClient& billing) {
  return {.name = "billing",
          .deliver = [&billing](const events::Event& event,
                                absl::Time deadline) { return DeliverToBilling(billing, event, deadline); },
          // Without these, fees of a partner that may not have them would be paid out, or stay held for ever.
          .must_arrive = {"PARTNER_SUSPENDED", "PARTNER_REINSTATED", "PARTNER_TERMINATED"},
          .concerns = [](const events::Event& event) { return absl::StartsWith(event.type, "PARTNER_"); }};
}

}  // namespace countersign::partner
