#include "billing-service/src/api/billing_api.h"

namespace countersign::billing {
namespace {

using rpc::Call;
using rpc::MethodSpec;

constexpr MethodSpec kActivateOrder{"countersign.billing.v1.ActivationService", "ActivateOrder"};
constexpr MethodSpec kGetBillingAccount{"countersign.billing.v1.BillingAccountService", "GetBillingAccount"};
constexpr MethodSpec kGetSubscription{"countersign.billing.v1.SubscriptionService", "GetSubscription"};
constexpr MethodSpec kListSubscriptions{"countersign.billing.v1.SubscriptionService", "ListSubscriptions"};
constexpr MethodSpec kGetInvoice{"countersign.billing.v1.InvoiceService", "GetInvoice"};
constexpr MethodSpec kListInvoices{"countersign.billing.v1.InvoiceService", "ListInvoices"};
constexpr MethodSpec kCreateBankReceipt{"countersign.billing.v1.BankReceiptService", "CreateBankReceipt"};
constexpr MethodSpec kListFees{"countersign.billing.v1.FeeService", "ListFees"};

}  // namespace

grpc::Status BillingApi::ActivateOrder(grpc::ServerContext* context, const v1::ActivateOrderRequest* request,
                                       v1::ActivateOrderResponse* reply) {
  return endpoint_.Mutate(kActivateOrder, context, *request, reply, ParseActivateOrder,
                          [this](const Call& call, const billing::ActivateOrder& command) {
                            return handlers_.activations.Activate(call, command);
                          });
}

grpc::Status BillingApi::GetBillingAccount(grpc::ServerContext* context, const v1::GetBillingAccountRequest* request,
                                           v1::BillingAccount* reply) {
  return endpoint_.Read(kGetBillingAccount, context, *request, reply, ParseGetBillingAccount,
                        [this](const Call& call, const billing::GetBillingAccount& command) {
                          return handlers_.accounts.Get(call, command);
                        });
}

grpc::Status BillingApi::GetSubscription(grpc::ServerContext* context, const v1::GetSubscriptionRequest* request,
                                         v1::Subscription* reply) {
  return endpoint_.Read(kGetSubscription, context, *request, reply, ParseGetSubscription,
                        [this](const Call& call, const billing::GetSubscription& command) {
                          return handlers_.subscriptions.Get(call, command);
                        });
}

grpc::Status BillingApi::ListSubscriptions(grpc::ServerContext* context, const v1::ListSubscriptionsRequest* request,
                                           v1::ListSubscriptionsResponse* reply) {
  return endpoint_.Read(kListSubscriptions, context, *request, reply, ParseListSubscriptions,
                        [this](const Call& call, const billing::ListSubscriptions& command) {
                          return handlers_.subscriptions.List(call, command);
                        });
}

grpc::Status BillingApi::GetInvoice(grpc::ServerContext* context, const v1::GetInvoiceRequest* request,
                                    v1::Invoice* reply) {
  return endpoint_.Read(
      kGetInvoice, context, *request, reply, ParseGetInvoice,
      [this](const Call& call, const billing::GetInvoice& command) { return handlers_.invoices.Get(call, command); });
}

grpc::Status BillingApi::ListInvoices(grpc::ServerContext* context, const v1::ListInvoicesRequest* request,
                                      v1::ListInvoicesResponse* reply) {
  return endpoint_.Read(kListInvoices, context, *request, reply, ParseListInvoices,
                        [this](const Call& call, const billing::ListInvoices& command) {
                          return handlers_.invoices.List(call, command);
                        });
}

grpc::Status BillingApi::CreateBankReceipt(grpc::ServerContext* context, const v1::CreateBankReceiptRequest* request,
                                           v1::BankReceipt* reply) {
  return endpoint_.Mutate(kCreateBankReceipt, context, *request, reply, ParseCreateBankReceipt,
                          [this](const Call& call, const billing::CreateBankReceipt& command) {
                            return handlers_.receipts.Create(call, command);
                          });
}

grpc::Status BillingApi::ListFees(grpc::ServerContext* context, const v1::ListFeesRequest* request,
                                  v1::ListFeesResponse* reply) {
  return endpoint_.Read(
      kListFees, context, *request, reply, ParseListFees,
      [this](const Call& call, const billing::ListFees& command) { return handlers_.fees.List(call, command); });
}

}  // namespace countersign::billing
