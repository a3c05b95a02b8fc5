#include "partner-service/src/partner.h"

#include <utility>

#include "partner-service/src/workers/billing_relay.h"
#include "partner-service/src/workers/order_relay.h"

namespace countersign::partner {
namespace {

rpc::EndpointOptions WithLocalKeys(rpc::EndpointOptions options, const ApiKeyVerifier& verifier, const Clock& clock) {
  options.verify_key = LocalKeyVerifier(verifier, clock);
  options.key_cache.ttl = {};  // A revoked key is dead here at once.
  return options;
}

}  // namespace

PartnerParts::PartnerParts(rpc::EndpointOptions options, const Needs& needs)
    : needs_(needs), endpoint_(WithLocalKeys(std::move(options), verifier_, needs.clock)) {}

std::vector<grpc::Service*> PartnerParts::services() {
  return {&partner_service_,       &agreement_service_, &customer_service_,     &seller_service_,
          &authorization_service_, &api_key_service_,   &payee_profile_service_};
}

std::vector<events::Consumer> PartnerParts::consumers() const {
  return {OrderConsumer(needs_.orders), BillingConsumer(needs_.billing)};
}

}  // namespace countersign::partner
