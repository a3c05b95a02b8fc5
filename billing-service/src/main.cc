#include "billing-service/src/api/activation_handlers.h"
#include "billing-service/src/api/bank_receipt_handlers.h"
#include "billing-service/src/api/billing_account_handlers.h"
#include "billing-service/src/api/billing_api.h"
#include "billing-service/src/api/fee_handlers.h"
#include "billing-service/src/api/invoice_handlers.h"
#include "billing-service/src/api/subscription_handlers.h"
#include "billing-service/src/config.h"
#include "billing-service/src/store/migrations.h"
#include "billing-service/src/workers/fee_relay.h"
#include "billing-service/src/workers/payment_relay.h"
#include "common/base/status_macros.h"
#include "common/rpc/endpoint.h"
#include "common/service/service.h"
#include "partner-service/client/partner_key_verifier.h"

namespace countersign::billing {
namespace {

absl::Status Serve(const Config& config) {
  ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
  ASSIGN_OR_RETURN(const auto partner_channel, parts.Connect("partner-service", config.partner_service));
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
  service::ServiceLog log(parts, endpoint, {payment_relay.consumer(), fee_relay.consumer()});
  return service::ServeUntilStopped(parts, api, log);
}

}  // namespace
}  // namespace countersign::billing

int main(int argc, char** argv) {
  using namespace countersign::billing;
  return countersign::service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve);
}
