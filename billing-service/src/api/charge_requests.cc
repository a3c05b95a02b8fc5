#include "billing-service/src/api/charge_requests.h"

#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/charge_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<ListChargesCommand> ParseListCharges(const rpc::Call& call, const v1::ListChargesRequest& request) {
  FieldViolations violations;
  ListChargesCommand command;
  if (request.parent() != kAllAccounts) {
    command.account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  }
  command.list = rpc::RequireListing(violations, call, request, ChargeFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
