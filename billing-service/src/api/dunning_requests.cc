#include "billing-service/src/api/dunning_requests.h"

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<SetDunningHoldCommand> ParseSetDunningHold(const rpc::Call& /*call*/,
                                                          const v1::SetDunningHoldRequest& request) {
  FieldViolations violations;
  SetDunningHoldCommand command{rpc::ParseNamed{kDunningName}.Parse(violations, request)};
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  if (request.has_hold_until_date()) {
    command.hold_until = rpc::RequireDate(violations, "hold_until_date", true, request.hold_until_date());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
