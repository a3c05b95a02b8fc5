#include <memory>

#include "billing-service/src/api/activation_handlers.h"
#include "billing-service/src/api/bank_receipt_handlers.h"
#include "billing-service/src/api/billing_account_handlers.h"
#include "billing-service/src/api/billing_api.h"
#include "billing-service/src/api/fee_handlers.h"
#include "billing-service/src/api/fee_relay.h"
#include "billing-service/src/api/invoice_handlers.h"
#include "billing-service/src/api/payment_relay.h"
#include "billing-service/src/api/subscription_handlers.h"
#include "billing-service/src/config.h"
#include "billing-service/src/store/migrations.h"
#include "common/base/status_macros.h"
#include "common/mysql/relay.h"
#include "common/rpc/audit_handlers.h"
#include "common/rpc/channel.h"
#include "common/rpc/delivery_handlers.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/event_handlers.h"
#include "common/rpc/server.h"
#include "common/rpc/service.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::billing {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const rpc::ServiceParts parts, rpc::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const auto partner_channel,
                   rpc::MakeChannel(parts.credentials, "partner-service", config.partner_service));
  const rpc::Endpoint endpoint(
      parts.MakeEndpointOptions(partner::PartnerKeyVerifier("billing-service", partner_channel)));

  const BillingAccountStore accounts(*parts.database);
  const ActivationStore activations(*parts.database);
  const SubscriptionStore subscriptions(*parts.database);
  const InvoiceStore invoices(*parts.database);
  const BankReceiptStore receipts(*parts.database);
  const PaymentStore payments(*parts.database);
  const FeeStore fees(*parts.database);

  const ActivationHandlers activation_handlers(activations, accounts, subscriptions);
  const BillingAccountHandlers account_handlers(accounts);
  const SubscriptionHandlers subscription_handlers(subscriptions);
  const InvoiceHandlers invoice_handlers(invoices);
  const BankReceiptHandlers receipt_handlers(receipts, accounts, invoices);
  const FeeHandlers fee_handlers(fees);
  BillingApi api(endpoint, {activation_handlers, account_handlers, subscription_handlers, invoice_handlers,
                            receipt_handlers, fee_handlers});

  const PaymentRelay payment_relay(receipts, accounts, invoices, payments, *parts.clock);
  const FeeRelay fee_relay(fees);
  rpc::EventHandlers events(endpoint, *parts.database);
  rpc::AuditHandlers audit(endpoint, *parts.database);
  const std::unique_ptr<mysql::Relay> relay =
      mysql::MakeRelay(*parts.database, rpc::RelayOptionsOf(config.service, events.Waker()),
                       {payment_relay.consumer(), fee_relay.consumer()},
                       /*tasks=*/{});
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
}  // namespace countersign::billing

int main(int argc, char** argv) {
  using namespace countersign;
  rpc::BlockStopSignals();
  const billing::Config config = billing::ParseConfig(argc, argv);
  if (!config.service.migrate.empty()) {
    return rpc::ExitCode(rpc::MigrateService(config.service, billing::AllMigrations()));
  }
  return rpc::ExitCode(billing::Serve(config));
}
