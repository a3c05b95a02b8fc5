#include "billing-service/src/api/parked_activation_requests.h"

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<RetryActivationCommand> ParseRetryActivation(const rpc::Call&,
                                                            const v1::RetryActivationRequest& request) {
  FieldViolations violations;
  RetryActivationCommand command{rpc::ParseNamed{kParkedActivationName}.Parse(violations, request)};
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  rpc::RequireEnum(violations, "start", request.start(), v1::RetryActivationRequest::Start_descriptor());
  command.purchase_order_number =
      rpc::RequireText(violations, "purchase_order_number", request.purchase_order_number(), 0, kMaxPurchaseOrderChars);
  if (request.start() == v1::RetryActivationRequest::START_TODAY) command.start = LateStart::kToday;
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
