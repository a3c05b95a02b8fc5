// countersign.billing.v1.BankReceiptService: money that arrived at the vendor's bank.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_SERVICE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/bank_receipt_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/payment_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of bank_receipt_service.proto.
class BankReceiptService final : public v1::BankReceiptService::Service {
 public:
  // All must outlive the service.
  BankReceiptService(const rpc::Endpoint& endpoint, events::Committer& committer, const BankReceiptStore& receipts,
                     const BillingAccountStore& accounts, const InvoiceStore& invoices, const AccountBookStore& books,
                     const PaymentStore& payments)
      : endpoint_(endpoint),
        committer_(committer),
        receipts_(receipts),
        accounts_(accounts),
        invoices_(invoices),
        books_(books),
        payments_(payments) {}

  grpc::Status CreateBankReceipt(grpc::ServerContext* context, const v1::CreateBankReceiptRequest* request,
                                 v1::BankReceipt* reply) override {
    return endpoint_.Mutate(Method("CreateBankReceipt"), context, *request, reply, ParseCreateBankReceipt,
                            std::bind_front(&BankReceiptService::Create, this));
  }

  grpc::Status GetBankReceipt(grpc::ServerContext* context, const v1::GetBankReceiptRequest* request,
                              v1::BankReceipt* reply) override {
    return endpoint_.Read(Method("GetBankReceipt"), context, *request, reply, rpc::ParseNamed{kReceiptName},
                          std::bind_front(&BankReceiptService::Get, this));
  }
  grpc::Status ListBankReceipts(grpc::ServerContext* context, const v1::ListBankReceiptsRequest* request,
                                v1::ListBankReceiptsResponse* reply) override {
    return endpoint_.Read(Method("ListBankReceipts"), context, *request, reply,
                          rpc::ParseList{"", BankReceiptFilterFields()},
                          std::bind_front(&BankReceiptService::List, this));
  }
  grpc::Status AllocateBankReceipt(grpc::ServerContext* context, const v1::AllocateBankReceiptRequest* request,
                                   v1::BankReceipt* reply) override {
    return endpoint_.Mutate(Method("AllocateBankReceipt"), context, *request, reply, ParseAllocateBankReceipt,
                            std::bind_front(&BankReceiptService::Allocate, this));
  }
  grpc::Status UnapplyBankReceipt(grpc::ServerContext* context, const v1::UnapplyBankReceiptRequest* request,
                                  v1::BankReceipt* reply) override {
    return endpoint_.Mutate(Method("UnapplyBankReceipt"), context, *request, reply, rpc::ParseTransition{kReceiptName},
                            std::bind_front(&BankReceiptService::Unapply, this));
  }
  grpc::Status ReverseBankReceipt(grpc::ServerContext* context, const v1::ReverseBankReceiptRequest* request,
                                  v1::BankReceipt* reply) override {
    return endpoint_.Mutate(Method("ReverseBankReceipt"), context, *request, reply, rpc::ParseTransition{kReceiptName},
                            std::bind_front(&BankReceiptService::Reverse, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::BankReceiptService::service_full_name(), name}; }

  absl::StatusOr<v1::BankReceipt> Create(const rpc::Call& call, const CreateBankReceiptCommand& command);
  absl::StatusOr<v1::BankReceipt> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListBankReceiptsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::BankReceipt> Allocate(const rpc::Call& call, const AllocateBankReceiptCommand& command);
  absl::StatusOr<v1::BankReceipt> Unapply(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::BankReceipt> Reverse(const rpc::Call& call, const rpc::NamedResource& named);

  // That the account and the invoice, if any, are there, in the receipt's currency.
  absl::Status CheckPayer(const rpc::Call& call, const BankReceipt& receipt) const;

  // That the money it brought was not refunded as credit. A refund at the same moment is not seen; it is then to be
  // recovered from the account's customer, and the receipt counts once all the same.
  absl::Status CheckStillThere(const rpc::Call& call, const BankReceipt& receipt) const;

  // The receipt, whose etag is checked.
  absl::StatusOr<BankReceipt> Read(const rpc::Call& call, const Uuid& receipt, absl::string_view etag) const;

  // Commits the next version of `before`, and answers with it.
  absl::StatusOr<v1::BankReceipt> Save(const rpc::Call& call, const BankReceipt& before, const BankReceipt& next,
                                       absl::string_view event_type, absl::string_view reason);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BankReceiptStore& receipts_;
  const BillingAccountStore& accounts_;
  const InvoiceStore& invoices_;
  const AccountBookStore& books_;
  const PaymentStore& payments_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_SERVICE_H_
