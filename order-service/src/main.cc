#include <memory>

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/relay.h"
#include "common/service/service.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/clients/partner_client.h"
#include "order-service/src/config.h"
#include "order-service/src/order.h"
#include "order-service/src/store/migrations.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::order {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const auto partner_channel, parts.Connect("partner-service", config.partner_service));
  ASSIGN_OR_RETURN(const auto link_channel, parts.Connect("link-service", config.link_service));
  ASSIGN_OR_RETURN(const auto billing_channel, parts.Connect("billing-service", config.billing_service));
  const std::unique_ptr<PartnerClient> partners = MakePartnerClient(partner_channel);
  const std::unique_ptr<LinkClient> links = MakeLinkClient(link_channel);
  const std::unique_ptr<BillingClient> billing = MakeBillingClient(billing_channel);

  events::Relay* relay = nullptr;  // The log's, which is made after the orders that it serves.
  OrderParts orders(parts.MakeEndpointOptions(partner::PartnerKeyVerifier("order-service", partner_channel)),
                    {.database = *parts.database,
                     .committer = *parts.committer,
                     .clock = *parts.clock,
                     .partners = *partners,
                     .links = *links,
                     .billing = *billing,
                     .wake_task = [&](absl::string_view task, int bucket) { relay->WakeTask(task, bucket); }});
  service::ServiceLog log(parts, orders.endpoint(), orders.consumers(), orders.tasks());
  relay = &log.relay();
  return service::ServeUntilStopped(parts, orders.services(), log,
                                    {.figures = [&](absl::Time deadline) { return orders.ReadFigures(deadline); }});
}

}  // namespace
}  // namespace countersign::order

int main(int argc, char** argv) {
  using namespace countersign::order;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
