// countersign.billing.v1.BankReceiptService: money that arrived at the vendor's bank.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_SERVICE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/bank_receipt_requests.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of bank_receipt_service.proto.
class BankReceiptService final : public v1::BankReceiptService::Service {
 public:
  // All must outlive the service.
  BankReceiptService(const rpc::Endpoint& endpoint, events::Committer& committer, const BankReceiptStore& receipts,
                     const BillingAccountStore& accounts, const InvoiceStore& invoices)
      : endpoint_(endpoint), committer_(committer), receipts_(receipts), accounts_(accounts), invoices_(invoices) {}

  grpc::Status CreateBankReceipt(grpc::ServerContext* context, const v1::CreateBankReceiptRequest* request,
                                 v1::BankReceipt* reply) override {
    return endpoint_.Mutate(Method("CreateBankReceipt"), context, *request, reply, ParseCreateBankReceipt,
                            std::bind_front(&BankReceiptService::Create, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::BankReceiptService::service_full_name(), name}; }

  absl::StatusOr<v1::BankReceipt> Create(const rpc::Call& call, const CreateBankReceiptCommand& command);

  // That the account and the invoice are there, in the receipt's currency, and the reference is free.
  absl::Status Check(const rpc::Call& call, const BankReceipt& receipt) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BankReceiptStore& receipts_;
  const BillingAccountStore& accounts_;
  const InvoiceStore& invoices_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_SERVICE_H_
