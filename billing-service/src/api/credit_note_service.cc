#include "billing-service/src/api/credit_note_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/credit_note_messages.h"
#include "billing-service/src/api/document_page.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<CreditIssue> CreditNoteService::Decide(const rpc::Call& call, const CreditNoteCommand& command) const {
  ASSIGN_OR_RETURN(AccountState state, books_.Read(call.deadline(), command.tenant, {command.invoice}));
  return IssueCreditNote(std::move(state), {command.invoice, command.terms, command.reason}, call.now());
}

absl::StatusOr<v1::CreditNote> CreditNoteService::Preview(const rpc::Call& call,
                                                          const CreditNoteCommand& command) const {
  ASSIGN_OR_RETURN(const CreditIssue issue, Decide(call, command));
  return ToProto(issue.note);
}

absl::StatusOr<v1::CreditNote> CreditNoteService::Create(const rpc::Call& call, const CreditNoteCommand& command) {
  ASSIGN_OR_RETURN(const CreditIssue issue, Decide(call, command));
  v1::CreditNote reply = ToProto(issue.note);
  if (call.validate_only()) return reply;
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, CreditNoteStore::RowsOf(issue));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = CreditNoteEvents(call, issue), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::CreditNote> CreditNoteService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const CreditNote note, notes_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(note);
}

absl::StatusOr<v1::Document> CreditNoteService::Print(const rpc::Call& call, const DocumentCommand& command) const {
  ASSIGN_OR_RETURN(const CreditNoteDocument document,
                   document_reader_.ReadCreditNote(call.deadline(), command.tenant, command.id));
  v1::Document reply;
  ASSIGN_OR_RETURN(*reply.mutable_html(), PageOf(document, command.paper));
  return reply;
}

absl::StatusOr<v1::ListCreditNotesResponse> CreditNoteService::List(const rpc::Call& call,
                                                                    const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<CreditNote> page,
                   notes_.List(call.deadline(), command.account, command.list.page));
  v1::ListCreditNotesResponse reply;
  for (const CreditNote& note : page.items) *reply.add_credit_notes() = ToProto(note);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
