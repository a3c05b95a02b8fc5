#include "billing-service/src/api/invoice_service.h"

#include "billing-service/src/api/invoice_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::Invoice> InvoiceService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Invoice invoice, invoices_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(invoice);
}

absl::StatusOr<v1::ListInvoicesResponse> InvoiceService::List(const rpc::Call& call,
                                                              const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Invoice> page, invoices_.List(call.deadline(), command.parent, command.list.page));
  v1::ListInvoicesResponse reply;
  for (const Invoice& invoice : page.items) *reply.add_invoices() = ToProto(invoice);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
