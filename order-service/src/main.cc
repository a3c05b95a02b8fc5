#include <memory>
#include <vector>

#include "common/base/status_macros.h"
#include "common/rpc/endpoint.h"
#include "common/service/service.h"
#include "order-service/src/api/catalogue_handlers.h"
#include "order-service/src/api/order_api.h"
#include "order-service/src/api/order_handlers.h"
#include "order-service/src/api/press_handlers.h"
#include "order-service/src/api/submit_handlers.h"
#include "order-service/src/config.h"
#include "order-service/src/store/migrations.h"
#include "order-service/src/workers/billing_relay.h"
#include "order-service/src/workers/expiry_task.h"
#include "order-service/src/workers/link_relay.h"
#include "order-service/src/workers/withdrawal_task.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::order {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const auto partner_channel, parts.Connect("partner-service", config.partner_service));
  ASSIGN_OR_RETURN(const auto link_channel, parts.Connect("link-service", config.link_service));
  ASSIGN_OR_RETURN(const auto billing_channel, parts.Connect("billing-service", config.billing_service));
  const rpc::Endpoint endpoint(
      parts.MakeEndpointOptions(partner::PartnerKeyVerifier("order-service", partner_channel)));
  const std::unique_ptr<PartnerClient> partners = MakePartnerClient(partner_channel);
  const std::unique_ptr<LinkClient> links = MakeLinkClient(link_channel);
  const std::unique_ptr<BillingClient> billing = MakeBillingClient(billing_channel);

  CatalogueStore catalogue(*parts.database);
  OrderStore orders(*parts.database);
  OrderListStore lists(*parts.database);
  WithdrawalStore withdrawals(*parts.database);
  CatalogueHandlers catalogue_handlers(catalogue);
  OrderHandlers order_handlers(catalogue, orders, *partners);
  OrderListHandlers list_handlers(lists);
  SubmitHandlers submit_handlers(catalogue, orders, *partners, *billing, *links);
  service::ServiceLog log(parts, endpoint, {BillingConsumer(orders, *billing, *parts.clock), LinkConsumer(*links)},
                          {ExpiryTask(orders, *parts.clock), WithdrawalTask(withdrawals, orders, *parts.clock)});
  PressHandlers press_handlers(
      orders, [&](const Uuid& partner) { log.relay().WakeTask(kWithdrawalTask, events::BucketOf(partner)); });
  OrderApi api(endpoint, catalogue_handlers, order_handlers, list_handlers, submit_handlers, press_handlers);
  return service::ServeUntilStopped(parts, api, log);
}

}  // namespace
}  // namespace countersign::order

int main(int argc, char** argv) {
  using namespace countersign::order;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
