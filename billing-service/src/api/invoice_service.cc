#include "billing-service/src/api/invoice_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/credit_note_messages.h"
#include "billing-service/src/api/document_page.h"
#include "billing-service/src/api/explanation_messages.h"
#include "billing-service/src/api/invoice_messages.h"
#include "billing-service/src/api/invoice_reading.h"
#include "billing-service/src/domain/invoice_explanation.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {
absl::StatusOr<v1::Invoice> InvoiceService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Invoice invoice, invoices_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(invoice);
}

absl::StatusOr<v1::Explanation> InvoiceService::Explain(const rpc::Call& call, const rpc::NamedResource& named) const {
  const auto explain = [&](const Invoice& read) -> absl::StatusOr<Explanation> {
    std::vector<Invoice> invoice = {read};
    RETURN_IF_ERROR(credit_notes_.ReadCredits(call.deadline(), invoice));
    std::vector<TaxRate> rates;
    if (!read.tax_region.empty()) {
      ASSIGN_OR_RETURN(rates, tax_rates_.ReadOf(call.deadline(), read.tax_region));
    }
    ASSIGN_OR_RETURN(const std::vector<PaidPart> paid,
                     paid_parts_.ListOfInvoice(call.deadline(), read.account, read.id));
    return billing::ExplainInvoice(invoice.front(), rates, paid);
  };
  ASSIGN_OR_RETURN(const Explanation explanation,
                   ReadTogether<Explanation>(invoices_, call.deadline(), named.tenant, named.id, explain));
  return ToProto(explanation);
}

absl::StatusOr<v1::Document> InvoiceService::Print(const rpc::Call& call, const DocumentCommand& command) const {
  ASSIGN_OR_RETURN(const InvoiceDocument document,
                   document_reader_.ReadInvoice(call.deadline(), command.tenant, command.id));
  v1::Document reply;
  ASSIGN_OR_RETURN(*reply.mutable_html(), PageOf(document, command.paper));
  return reply;
}

absl::StatusOr<v1::ListInvoicesResponse> InvoiceService::List(const rpc::Call& call, const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Invoice> page,
                   invoices_.List(call.deadline(), command.account, command.list.page));
  v1::ListInvoicesResponse reply;
  for (const Invoice& invoice : page.items) *reply.add_invoices() = ToProto(invoice);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<AccountState> InvoiceService::Read(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(AccountState state, books_.Read(call.deadline(), named.tenant, {named.id}));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, FindInvoice(state.invoices, named.id)->version));
  return state;
}

absl::StatusOr<v1::Invoice> InvoiceService::Void(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(AccountState state, Read(call, named));
  ASSIGN_OR_RETURN(const CreditIssue issue,
                   IssueCreditNote(std::move(state), {named.id, {}, named.reason, /*voids=*/true}, call.now()));
  v1::Invoice reply = ToProto(*FindInvoice(issue.change.invoices, named.id));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, CreditNoteStore::RowsOf(issue));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = CreditNoteEvents(call, issue), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Invoice> InvoiceService::WriteOff(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(AccountState state, Read(call, named));
  ASSIGN_OR_RETURN(const AccountChange change, WriteOffInvoice(std::move(state), named.id, call.now()));
  v1::Invoice reply = ToProto(*FindInvoice(change.invoices, named.id));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(change));
  v1::BillingAccountEvent about;
  about.set_invoice(reply.name());
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows),
                                      .events = AccountEvents(call, change, "INVOICE_GIVEN_UP", about, named.reason),
                                      .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
