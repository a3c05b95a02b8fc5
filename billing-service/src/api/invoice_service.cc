#include "billing-service/src/api/invoice_handlers.h"

#include <vector>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

std::vector<mysql::FilterField> InvoiceFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, {"OPEN", "PAID", "VOID", "UNCOLLECTIBLE"}},
          {"invoice_number", "invoice_number", kAscii},
          {"issue_date", "issue_date", kDate},
          {"due_date", "due_date", kDate},
          {"create_time", "create_time", kTime}};
}

}  // namespace

absl::StatusOr<GetInvoice> ParseGetInvoice(const rpc::Call&, const v1::GetInvoiceRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kInvoiceName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  return GetInvoice{ids[0], ids[1]};
}

absl::Status InvoiceNotFound(const Uuid& account, const Uuid& invoice) {
  return NotFound("INVOICE_NOT_FOUND", "there is no such invoice",
                  {{"invoice", rpc::FormatName(kInvoiceName, {account, invoice})}});
}

absl::StatusOr<v1::Invoice> InvoiceHandlers::Get(const rpc::Call& call, const GetInvoice& command) const {
  ASSIGN_OR_RETURN(const std::optional<Invoice> invoice,
                   invoices_.Find(call.deadline(), command.account, command.invoice));
  if (!invoice.has_value()) return InvoiceNotFound(command.account, command.invoice);
  return ToProto(*invoice);
}

absl::StatusOr<ListInvoices> ParseListInvoices(const rpc::Call& call, const v1::ListInvoicesRequest& request) {
  FieldViolations violations;
  ListInvoices command;
  command.account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  if (!request.order().empty()) {
    const std::vector<Uuid> order = rpc::RequireName(violations, "order", kOrderName, request.order());
    command.order = OrderReference{order[0], order[1]};
  }
  command.list = rpc::RequireListing(violations, call, request, InvoiceFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<v1::ListInvoicesResponse> InvoiceHandlers::List(const rpc::Call& call,
                                                               const ListInvoices& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Invoice> page,
                   invoices_.List(call.deadline(), command.account, command.order, command.list.page));
  v1::ListInvoicesResponse reply;
  for (const Invoice& invoice : page.items) *reply.add_invoices() = ToProto(invoice);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
