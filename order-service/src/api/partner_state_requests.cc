#include "order-service/src/api/partner_state_requests.h"

#include <cstdint>
#include <limits>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/names.h"

namespace countersign::order {

absl::StatusOr<ApplyPartnerStateCommand> ParseApplyPartnerState(const rpc::Call&,
                                                                const v1::ApplyPartnerStateRequest& request) {
  FieldViolations violations;
  ApplyPartnerStateCommand command;
  command.tenant = rpc::RequireName(violations, "partner", kPartnerName, request.partner())[0];
  const int64_t version =
      rpc::RequireQuantity(violations, "version", request.version(), 1, std::numeric_limits<int64_t>::max());
  command.state = PartnerState::Of(version, request.active());
  if (!partner::v1::Partner::State_IsValid(request.state())) violations.Add("state", "must be a partner's state");
  command.partner_state = request.state();
  command.reason = rpc::RequireLines(violations, "reason", request.reason(), 0, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::order
