// countersign.billing.v1.BillingService: which method may be called by whom, and which handler tells its story.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_API_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_API_H_

#include "billing-service/src/api/activation_handlers.h"
#include "billing-service/src/api/bank_receipt_handlers.h"
#include "billing-service/src/api/billing_account_handlers.h"
#include "billing-service/src/api/fee_handlers.h"
#include "billing-service/src/api/invoice_handlers.h"
#include "billing-service/src/api/subscription_handlers.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/billing_service.grpc.pb.h"

namespace countersign::billing {

class BillingApi final : public v1::BillingService::Service {
 public:
  // All must outlive the service.
  struct Handlers {
    const ActivationHandlers& activations;
    const BillingAccountHandlers& accounts;
    const SubscriptionHandlers& subscriptions;
    const InvoiceHandlers& invoices;
    const BankReceiptHandlers& receipts;
    const FeeHandlers& fees;
  };
  BillingApi(const rpc::Endpoint& endpoint, const Handlers& handlers) : endpoint_(endpoint), handlers_(handlers) {}

  grpc::Status ActivateOrder(grpc::ServerContext* context, const v1::ActivateOrderRequest* request,
                             v1::ActivateOrderResponse* reply) override;
  grpc::Status GetBillingAccount(grpc::ServerContext* context, const v1::GetBillingAccountRequest* request,
                                 v1::BillingAccount* reply) override;
  grpc::Status GetSubscription(grpc::ServerContext* context, const v1::GetSubscriptionRequest* request,
                               v1::Subscription* reply) override;
  grpc::Status ListSubscriptions(grpc::ServerContext* context, const v1::ListSubscriptionsRequest* request,
                                 v1::ListSubscriptionsResponse* reply) override;
  grpc::Status GetInvoice(grpc::ServerContext* context, const v1::GetInvoiceRequest* request,
                          v1::Invoice* reply) override;
  grpc::Status ListInvoices(grpc::ServerContext* context, const v1::ListInvoicesRequest* request,
                            v1::ListInvoicesResponse* reply) override;
  grpc::Status CreateBankReceipt(grpc::ServerContext* context, const v1::CreateBankReceiptRequest* request,
                                 v1::BankReceipt* reply) override;
  grpc::Status ListFees(grpc::ServerContext* context, const v1::ListFeesRequest* request,
                        v1::ListFeesResponse* reply) override;

 private:
  const rpc::Endpoint& endpoint_;
  const Handlers handlers_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_API_H_
