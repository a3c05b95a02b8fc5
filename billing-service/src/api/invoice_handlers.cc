#include "billing-service/src/api/invoice_handlers.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/filter.h"
#include "common/rpc/names.h"
#include "common/rpc/page.h"

namespace countersign::billing {
namespace {

const std::vector<rpc::FilterField>& FilterFields() {
  using enum rpc::FilterType;
  static const auto* const fields =
      new std::vector<rpc::FilterField>{{"state", "state", kEnum, {"OPEN", "PAID", "VOID", "UNCOLLECTIBLE"}},
                                        {"invoice_number", "invoice_number", kText},
                                        {"issue_date", "issue_date", kDate},
                                        {"due_date", "due_date", kDate},
                                        {"create_time", "create_time", kTime}};
  return *fields;
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

absl::StatusOr<ListInvoices> InvoiceHandlers::ParseList(const rpc::Call& call,
                                                        const v1::ListInvoicesRequest& request) const {
  FieldViolations violations;
  ListInvoices command;
  command.account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  if (!request.order().empty()) {
    const std::vector<Uuid> order = rpc::RequireName(violations, "order", kOrderName, request.order());
    command.order = OrderReference{order[0], order[1]};
  }
  command.condition = rpc::RequireFilter(violations, request.filter(), FilterFields());
  command.filter = absl::StrCat(request.parent(), "\n", request.order(), "\n", request.filter());
  const rpc::Page page = rpc::RequirePage(violations, call, command.filter, request.page_size(), request.page_token());
  command.size = page.size;
  // The token is authenticated, so what it holds is what List put there.
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &command.after)) command.after = 0;
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<v1::ListInvoicesResponse> InvoiceHandlers::List(const rpc::Call& call,
                                                               const ListInvoices& command) const {
  // One more than asked for tells whether there is a next page.
  ASSIGN_OR_RETURN(std::vector<Invoice> invoices,
                   invoices_.List(call.deadline(), command.account, command.order, command.condition, command.after,
                                  int64_t{command.size} + 1));
  v1::ListInvoicesResponse reply;
  if (invoices.size() > static_cast<size_t>(command.size)) {
    invoices.pop_back();
    reply.set_next_page_token(rpc::NextPageToken(call, command.filter, absl::StrCat(invoices.back().sequence)));
  }
  for (const Invoice& invoice : invoices) *reply.add_invoices() = ToProto(invoice);
  return reply;
}

}  // namespace countersign::billing
