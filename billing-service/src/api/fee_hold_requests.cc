#include "billing-service/src/api/fee_hold_requests.h"

#include <vector>

#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/fee_hold_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {

absl::StatusOr<ListFeeHoldsCommand> ParseListFeeHolds(const rpc::Call& call, const v1::ListFeeHoldsRequest& request) {
  FieldViolations violations;
  ListFeeHoldsCommand command;
  if (request.parent() != kAllPartners) {
    command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  }
  command.list = rpc::RequireListing(violations, call, request, FeeHoldFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
  return command;
}

absl::StatusOr<SetFeeHoldCommand> ParseSetFeeHold(const rpc::Call& call, const v1::SetFeeHoldRequest& request) {
  FieldViolations violations;
  SetFeeHoldCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  const std::vector<Uuid> ids = rpc::RequireName(violations, "subscription", kSubscriptionName, request.subscription());
  command.account = ids[0];
  command.subscription = ids[1];
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::billing
