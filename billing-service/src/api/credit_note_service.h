// countersign.billing.v1.CreditNoteService: what invoices are corrected by.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/api/credit_note_requests.h"
#include "billing-service/src/api/document_reader.h"
#include "billing-service/src/api/document_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of credit_note_service.proto.
class CreditNoteService final : public v1::CreditNoteService::Service {
 public:
  // All must outlive the service.
  CreditNoteService(const rpc::Endpoint& endpoint, events::Committer& committer, const AccountBookStore& books,
                    const CreditNoteStore& notes, const DocumentReader& document_reader)
      : endpoint_(endpoint), committer_(committer), books_(books), notes_(notes), document_reader_(document_reader) {}

  grpc::Status PreviewCreditNote(grpc::ServerContext* context, const v1::PreviewCreditNoteRequest* request,
                                 v1::CreditNote* reply) override {
    return endpoint_.Read(Method("PreviewCreditNote"), context, *request, reply, ParsePreviewCreditNote,
                          std::bind_front(&CreditNoteService::Preview, this));
  }
  grpc::Status CreateCreditNote(grpc::ServerContext* context, const v1::CreateCreditNoteRequest* request,
                                v1::CreditNote* reply) override {
    return endpoint_.Mutate(Method("CreateCreditNote"), context, *request, reply, ParseCreateCreditNote,
                            std::bind_front(&CreditNoteService::Create, this));
  }
  grpc::Status GetCreditNote(grpc::ServerContext* context, const v1::GetCreditNoteRequest* request,
                             v1::CreditNote* reply) override {
    return endpoint_.Read(Method("GetCreditNote"), context, *request, reply, rpc::ParseNamed{kCreditNoteName},
                          std::bind_front(&CreditNoteService::Get, this));
  }
  grpc::Status GetCreditNoteDocument(grpc::ServerContext* context, const v1::GetCreditNoteDocumentRequest* request,
                                     v1::Document* reply) override {
    return endpoint_.Read(Method("GetCreditNoteDocument"), context, *request, reply, ParseDocument{kCreditNoteName},
                          std::bind_front(&CreditNoteService::Print, this));
  }
  grpc::Status ListCreditNotes(grpc::ServerContext* context, const v1::ListCreditNotesRequest* request,
                               v1::ListCreditNotesResponse* reply) override {
    return endpoint_.Read(Method("ListCreditNotes"), context, *request, reply,
                          ParseAccountList{CreditNoteFilterFields()}, std::bind_front(&CreditNoteService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::CreditNoteService::service_full_name(), name}; }

  absl::StatusOr<v1::CreditNote> Preview(const rpc::Call& call, const CreditNoteCommand& command) const;
  absl::StatusOr<v1::CreditNote> Create(const rpc::Call& call, const CreditNoteCommand& command);
  absl::StatusOr<v1::CreditNote> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::Document> Print(const rpc::Call& call, const DocumentCommand& command) const;
  absl::StatusOr<v1::ListCreditNotesResponse> List(const rpc::Call& call, const AccountList& command) const;

  absl::StatusOr<CreditIssue> Decide(const rpc::Call& call, const CreditNoteCommand& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const AccountBookStore& books_;
  const CreditNoteStore& notes_;
  const DocumentReader& document_reader_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_SERVICE_H_
