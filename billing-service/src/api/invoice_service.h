// countersign.billing.v1.InvoiceService: the invoices of billing accounts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/document_reader.h"
#include "billing-service/src/api/document_requests.h"
#include "billing-service/src/api/invoice_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/paid_part_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of invoice_service.proto.
class InvoiceService final : public v1::InvoiceService::Service {
 public:
  // All must outlive the service.
  InvoiceService(const rpc::Endpoint& endpoint, events::Committer& committer, const InvoiceStore& invoices,
                 const AccountBookStore& books, const CreditNoteStore& credit_notes, const TaxRateStore& tax_rates,
                 const PaidPartStore& paid_parts, const DocumentReader& document_reader)
      : endpoint_(endpoint),
        committer_(committer),
        invoices_(invoices),
        books_(books),
        credit_notes_(credit_notes),
        tax_rates_(tax_rates),
        paid_parts_(paid_parts),
        document_reader_(document_reader) {}

  grpc::Status GetInvoice(grpc::ServerContext* context, const v1::GetInvoiceRequest* request,
                          v1::Invoice* reply) override {
    return endpoint_.Read(Method("GetInvoice"), context, *request, reply, rpc::ParseNamed{kInvoiceName},
                          std::bind_front(&InvoiceService::Get, this));
  }
  grpc::Status ExplainInvoice(grpc::ServerContext* context, const v1::ExplainInvoiceRequest* request,
                              v1::Explanation* reply) override {
    return endpoint_.Read(Method("ExplainInvoice"), context, *request, reply, rpc::ParseNamed{kInvoiceName},
                          std::bind_front(&InvoiceService::Explain, this));
  }
  grpc::Status GetInvoiceDocument(grpc::ServerContext* context, const v1::GetInvoiceDocumentRequest* request,
                                  v1::Document* reply) override {
    return endpoint_.Read(Method("GetInvoiceDocument"), context, *request, reply, ParseDocument{kInvoiceName},
                          std::bind_front(&InvoiceService::Print, this));
  }
  grpc::Status ListInvoices(grpc::ServerContext* context, const v1::ListInvoicesRequest* request,
                            v1::ListInvoicesResponse* reply) override {
    return endpoint_.Read(Method("ListInvoices"), context, *request, reply, ParseListInvoices,
                          std::bind_front(&InvoiceService::List, this));
  }
  grpc::Status VoidInvoice(grpc::ServerContext* context, const v1::VoidInvoiceRequest* request,
                           v1::Invoice* reply) override {
    return endpoint_.Mutate(Method("VoidInvoice"), context, *request, reply, rpc::ParseTransition{kInvoiceName},
                            std::bind_front(&InvoiceService::Void, this));
  }
  grpc::Status MarkInvoiceUncollectible(grpc::ServerContext* context,
                                        const v1::MarkInvoiceUncollectibleRequest* request,
                                        v1::Invoice* reply) override {
    return endpoint_.Mutate(Method("MarkInvoiceUncollectible"), context, *request, reply,
                            rpc::ParseTransition{kInvoiceName}, std::bind_front(&InvoiceService::WriteOff, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::InvoiceService::service_full_name(), name}; }

  absl::StatusOr<v1::Invoice> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::Explanation> Explain(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::Document> Print(const rpc::Call& call, const DocumentCommand& command) const;
  absl::StatusOr<v1::ListInvoicesResponse> List(const rpc::Call& call, const AccountList& command) const;
  absl::StatusOr<v1::Invoice> Void(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Invoice> WriteOff(const rpc::Call& call, const rpc::NamedResource& named);

  // The account with the invoice, whose etag is checked.
  absl::StatusOr<AccountState> Read(const rpc::Call& call, const rpc::NamedResource& named) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const InvoiceStore& invoices_;
  const AccountBookStore& books_;
  const CreditNoteStore& credit_notes_;
  const TaxRateStore& tax_rates_;
  const PaidPartStore& paid_parts_;
  const DocumentReader& document_reader_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_SERVICE_H_
