#include "partner-service/src/partner.h"

#include <memory>
#include <utility>

#include "common/base/crypto.h"
#include "partner-service/src/api/agreement_service.h"
#include "partner-service/src/api/api_key_service.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/api/authorization_service.h"
#include "partner-service/src/api/customer_service.h"
#include "partner-service/src/api/partner_service.h"
#include "partner-service/src/api/payee_profile_service.h"
#include "partner-service/src/api/seller_service.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"
#include "partner-service/src/store/payee_profile_store.h"
#include "partner-service/src/store/seller_store.h"
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

// The order is the order of need.
struct PartnerParts::Built {
  Built(rpc::EndpointOptions options, const Needs& needed)
      : needs(needed), endpoint(WithLocalKeys(std::move(options), verifier, needed.clock)) {}

  const Needs needs;
  const AgreementStore agreements{needs.database};
  const PartnerStore partners{needs.database};
  const CustomerStore customers{needs.database};
  const AuthorizationStore authorizations{needs.database};
  const ApiKeyStore api_keys{needs.database};
  const PayeeProfileStore payee_profiles{needs.database};
  const SellerStore sellers{needs.database};
  const ApiKeyVerifier verifier{partners, api_keys};
  const rpc::Endpoint endpoint;
  PartnerService partner_service{endpoint, needs.committer, partners, agreements};
  AgreementService agreement_service{endpoint, needs.committer, partners, agreements};
  CustomerService customer_service{endpoint, needs.committer, partners, customers, needs.orders};
  SellerService seller_service{endpoint, sellers};
  AuthorizationService authorization_service{endpoint, needs.committer, partners, authorizations};
  ApiKeyService api_key_service{endpoint, needs.committer, partners, api_keys, verifier};
  PayeeProfileService payee_profile_service{endpoint, needs.committer, partners, payee_profiles, needs.data_keys};
};

PartnerParts::PartnerParts(rpc::EndpointOptions options, const Needs& needs)
    : built_(std::make_unique<Built>(std::move(options), needs)) {}

PartnerParts::~PartnerParts() = default;

const rpc::Endpoint& PartnerParts::endpoint() const { return built_->endpoint; }

std::vector<grpc::Service*> PartnerParts::services() {
  return {&built_->partner_service,      &built_->agreement_service,     &built_->customer_service,
          &built_->seller_service,       &built_->authorization_service, &built_->api_key_service,
          &built_->payee_profile_service};
}

std::vector<events::Consumer> PartnerParts::consumers() const {
  return {OrderConsumer(built_->needs.orders), BillingConsumer(built_->needs.billing)};
}

}  // namespace countersign::partner
