#include <memory>

#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/rpc/endpoint.h"
#include "common/service/service.h"
#include "link-service/src/api/link_api.h"
#include "link-service/src/api/link_handlers.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/config.h"
#include "link-service/src/page/page_controller.h"
#include "link-service/src/page/press_handlers.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/migrations.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/http_server.h"
#include "link-service/src/web/site.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::link {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const KeyRing link_keys, KeyRing::ReadFile(config.link_key_file));
  ASSIGN_OR_RETURN(const auto partner_channel, parts.Connect("partner-service", config.partner_service));
  ASSIGN_OR_RETURN(const auto order_channel, parts.Connect("order-service", config.order_service));
  ASSIGN_OR_RETURN(const auto billing_channel, parts.Connect("billing-service", config.billing_service));
  const rpc::Endpoint endpoint(parts.MakeEndpointOptions(partner::PartnerKeyVerifier("link-service", partner_channel)));

  LinkStore links(*parts.database);
  PressStore presses(*parts.database);
  LinkHandlers link_handlers(links, link_keys, config.public_url);
  LinkApi api(endpoint, link_handlers);

  const std::unique_ptr<OrderClient> orders = MakeOrderClient(order_channel);
  const std::unique_ptr<BillingClient> billing = MakeBillingClient(billing_channel);
  PressHandlers press_handlers(links, presses, *orders, *parts.clock);
  ViewCounter views(links);
  PageController page({links, press_handlers, views, *orders, *billing, link_keys, *parts.clock},
                      {config.vendor_name, config.vendor_contact});

  // Nobody listens to this log yet; it is sealed all the same, as the audit record.
  service::ServiceLog log(parts, endpoint, /*consumers=*/{});

  const auto pages = [&page](const web::HttpRequest& request) { return page.Handle(request); };
  ASSIGN_OR_RETURN(const std::unique_ptr<web::HttpServer> http,
                   web::HttpServer::Start(config.http, web::Site(config.vendor_name, pages)));
  views.Start();
  return service::ServeUntilStopped(
      parts, api, log,
      {.stop_serving = [&](absl::Time deadline) { http->Stop(deadline); }, .stop_working = [&] { views.Stop(); }});
}

}  // namespace
}  // namespace countersign::link

int main(int argc, char** argv) {
  using namespace countersign::link;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
