#include <memory>

#include "billing-service/src/billing.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/clients/processor_client.h"
#include "billing-service/src/config.h"
#include "billing-service/src/store/migrations.h"
#include "common/base/status_macros.h"
#include "common/mail/mailer.h"
#include "common/rpc/channel.h"
#include "common/service/service.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::billing {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const auto partners, parts.Connect("partner-service", config.partner_service));
  ASSIGN_OR_RETURN(const auto order_channel, parts.Connect("order-service", config.order_service));
  const std::unique_ptr<OrderClient> orders = MakeOrderClient(order_channel);
  ASSIGN_OR_RETURN(const std::unique_ptr<mail::Mailer> mailer, mail::MailerFromFlags());
  const std::unique_ptr<PayeeClient> payees = MakePayeeClient(partners);
  std::unique_ptr<ProcessorClient> processor;
  if (!config.processor.empty()) {
    // The charge worker asks again by itself.
    ASSIGN_OR_RETURN(const auto channel,
                     parts.Connect(kProcessorPeer, config.processor, rpc::kServiceConfigWithoutRetries));
    processor = MakeProcessorClient(channel, config.processor_timeout);
  }
  BillingParts billing(parts.MakeEndpointOptions(partner::PartnerKeyVerifier("billing-service", partners)),
                       {*parts.database, *parts.committer, *parts.clock, *orders, *payees, mailer.get(),
                        processor.get(), config.find_url});
  service::ServiceLog log(parts, billing.endpoint(), billing.consumers(), billing.tasks());
  return service::ServeUntilStopped(parts, billing.services(), log,
                                    {.stop_serving = [&](absl::Time) { billing.StopStreams(); },
                                     .figures = [&](absl::Time deadline) { return billing.ReadFigures(deadline); }});
}

}  // namespace
}  // namespace countersign::billing

int main(int argc, char** argv) {
  using namespace countersign::billing;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
