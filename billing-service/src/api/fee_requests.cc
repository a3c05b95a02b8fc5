#include "billing-service/src/api/fee_requests.h"

#include <vector>

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {

absl::StatusOr<AdjustFeeCommand> ParseAdjustFee(const rpc::Call& call, const v1::AdjustFeeRequest& request) {
  FieldViolations violations;
  AdjustFeeCommand command;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kFeeName, request.name());
  command.tenant = ids[0];
  command.id = ids[1];
  command.amount = rpc::RequireMoney(violations, "amount", request.has_amount(), request.amount(), rpc::Sign::kAny);
  if (request.has_amount() && command.amount.is_zero()) violations.Add("amount", "must not be zero");
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::billing
