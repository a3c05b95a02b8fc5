#include <memory>
#include <utility>
#include <vector>

#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/mysql/relay.h"
#include "common/rpc/audit_handlers.h"
#include "common/rpc/channel.h"
#include "common/rpc/delivery_handlers.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/event_handlers.h"
#include "common/rpc/server.h"
#include "common/rpc/service.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/api/order_relay.h"
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

namespace countersign::partner {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const rpc::ServiceParts parts, rpc::OpenService(config.service, AllMigrations()));
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

  ASSIGN_OR_RETURN(const auto order_channel,
                   rpc::MakeChannel(parts.credentials, "order-service", config.order_service));
  const std::unique_ptr<OrderClient> orders = MakeOrderClient(order_channel);
  rpc::EventHandlers events(endpoint, *parts.database);
  rpc::AuditHandlers audit(endpoint, *parts.database);
  const std::unique_ptr<mysql::Relay> relay = mysql::MakeRelay(
      *parts.database, rpc::RelayOptionsOf(config.service, events.Waker()), {OrderConsumer(*orders)}, /*tasks=*/{});
  rpc::DeliveryHandlers deliveries(endpoint, *relay);

  ASSIGN_OR_RETURN(
      const std::unique_ptr<rpc::Server> server,
      rpc::Server::Start(parts.server, {&api, &deliveries, &events, &audit}, parts.probe, events.Stopper()));
  relay->Start();
  const absl::Status why = rpc::WaitUntilStopped(*server);
  server->Shutdown();
  relay->Stop();
  parts.database->Close();
  return why;
}

}  // namespace
}  // namespace countersign::partner

int main(int argc, char** argv) {
  using namespace countersign;
  rpc::BlockStopSignals();
  const partner::Config config = partner::ParseConfig(argc, argv);
  if (!config.service.migrate.empty()) {
    return rpc::ExitCode(rpc::MigrateService(config.service, partner::AllMigrations()));
  }
  return rpc::ExitCode(partner::Serve(config));
}
