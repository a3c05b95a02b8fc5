#include <memory>

#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/mail/mailer.h"
#include "common/service/service.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/config.h"
#include "link-service/src/link.h"
#include "link-service/src/store/migrations.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::link {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const KeyRing link_keys, KeyRing::ReadFile(config.link_key_file));
  ASSIGN_OR_RETURN(const auto partner_channel, parts.Connect("partner-service", config.partner_service));
  ASSIGN_OR_RETURN(const auto order_channel, parts.Connect("order-service", config.order_service));
  ASSIGN_OR_RETURN(const auto billing_channel, parts.Connect("billing-service", config.billing_service));
  ASSIGN_OR_RETURN(const std::unique_ptr<mail::Mailer> mailer, mail::MailerFromFlags());
  const std::unique_ptr<OrderClient> orders = MakeOrderClient(order_channel);
  const std::unique_ptr<BillingClient> billing = MakeBillingClient(billing_channel);

  LinkParts link(parts.MakeEndpointOptions(partner::PartnerKeyVerifier("link-service", partner_channel)),
                 {.database = *parts.database,
                  .committer = *parts.committer,
                  .clock = *parts.clock,
                  .link_keys = link_keys,
                  .orders = *orders,
                  .billing = *billing,
                  .mailer = mailer.get(),
                  .vendor = config.vendor});
  service::ServiceLog log(parts, link.endpoint(), link.consumers(), link.tasks());
  RETURN_IF_ERROR(link.StartPage(config.http));
  link.StartBackground();
  return service::ServeUntilStopped(parts, link.services(), log, link.companions());
}

}  // namespace
}  // namespace countersign::link

int main(int argc, char** argv) {
  using namespace countersign::link;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
