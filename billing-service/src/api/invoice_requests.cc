#include "billing-service/src/api/invoice_requests.h"

#include <vector>

#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/invoice_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<AccountList> ParseListInvoices(const rpc::Call& call, const v1::ListInvoicesRequest& request) {
  FieldViolations violations;
  AccountList command = ParseAccountList{InvoiceFilterFields()}.Parse(violations, call, request);
  if (!request.order().empty()) {
    const std::vector<Uuid> ids = rpc::RequireName(violations, "order", kOrderName, request.order());
    RestrictToOrder(command.list.page.condition, {ids[0], ids[1]});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(RequireOneAccountOfServices(call, command));
  return command;
}

}  // namespace countersign::billing
