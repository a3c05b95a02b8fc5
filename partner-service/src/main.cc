#include <memory>
#include <utility>
#include <vector>

#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/rpc/endpoint.h"
#include "common/service/service.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/api/partner_api.h"
#include "partner-service/src/clients/order_client.h"
#include "partner-service/src/config.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/migrations.h"
#include "partner-service/src/store/partner_store.h"
#include "partner-service/src/store/payee_profile_store.h"
#include "partner-service/src/workers/order_relay.h"

namespace countersign::partner {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const KeyRing data_keys, KeyRing::ReadFile(config.data_key_file));
  AgreementStore agreements(*parts.database);
  PartnerStore partners(*parts.database);
  CustomerStore customers(*parts.database);
  AuthorizationStore authorizations(*parts.database);
  ApiKeyStore api_keys(*parts.database);
  PayeeProfileStore payee_profiles(*parts.database);
  const ApiKeyVerifier verifier(partners, api_keys);
  rpc::EndpointOptions endpoint_options = parts.MakeEndpointOptions(LocalKeyVerifier(verifier, *parts.clock));
  endpoint_options.key_cache.ttl = {};  // Here a revoked key is dead at once.
  const rpc::Endpoint endpoint(std::move(endpoint_options));

  PartnerHandlers partner_handlers(partners, agreements);
  AgreementHandlers agreement_handlers(agreements);
  CustomerHandlers customer_handlers(partners, customers);
  SellerHandlers seller_handlers({partners, agreements, customers, authorizations});
  AuthorizationHandlers authorization_handlers(partners, authorizations);
  ApiKeyHandlers api_key_handlers(partners, api_keys, verifier);
  PayeeProfileHandlers payee_profile_handlers(partners, payee_profiles, data_keys);
  PartnerApi api(endpoint, {partner_handlers, agreement_handlers, customer_handlers, seller_handlers,
                            authorization_handlers, api_key_handlers, payee_profile_handlers});

  ASSIGN_OR_RETURN(const auto order_channel, parts.Connect("order-service", config.order_service));
  const std::unique_ptr<OrderClient> orders = MakeOrderClient(order_channel);
  service::ServiceLog log(parts, endpoint, {OrderConsumer(*orders)});
  return service::ServeUntilStopped(parts, api, log);
}

}  // namespace
}  // namespace countersign::partner

int main(int argc, char** argv) {
  using namespace countersign::partner;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
