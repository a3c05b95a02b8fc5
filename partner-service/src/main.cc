#include <memory>

#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/service/service.h"
#include "partner-service/src/clients/billing_client.h"
#include "partner-service/src/clients/order_client.h"
#include "partner-service/src/config.h"
#include "partner-service/src/partner.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const KeyRing data_keys, KeyRing::ReadFile(config.data_key_file));
  ASSIGN_OR_RETURN(const auto order_channel, parts.Connect("order-service", config.order_service));
  const std::unique_ptr<OrderClient> orders = MakeOrderClient(order_channel);
  ASSIGN_OR_RETURN(const auto billing_channel, parts.Connect("billing-service", config.billing_service));
  const std::unique_ptr<BillingClient> billing = MakeBillingClient(billing_channel);
  PartnerParts partner(parts.MakeEndpointOptions(/*verify_key=*/nullptr),
                       {*parts.database, *parts.committer, *parts.clock, data_keys, *orders, *billing});
  service::ServiceLog log(parts, partner.endpoint(), partner.consumers());
  return service::ServeUntilStopped(parts, partner.services(), log);
}

}  // namespace
}  // namespace countersign::partner

int main(int argc, char** argv) {
  using namespace countersign::partner;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
