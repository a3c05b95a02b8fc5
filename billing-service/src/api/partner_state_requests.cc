#include "billing-service/src/api/partner_state_requests.h"

#include <cstdint>
#include <limits>

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {
namespace {

PartnerStanding StandingIn(partner::v1::Partner::State state) {
  switch (state) {
    case partner::v1::Partner::STATE_SUSPENDED:
      return PartnerStanding::kSuspended;
    case partner::v1::Partner::STATE_REJECTED:
    case partner::v1::Partner::STATE_TERMINATED:
      return PartnerStanding::kTerminated;
    default:
      return PartnerStanding::kActive;
  }
}

}  // namespace

absl::StatusOr<ApplyPartnerStateCommand> ParseApplyPartnerState(const rpc::Call&,
                                                                const v1::ApplyPartnerStateRequest& request) {
  FieldViolations violations;
  ApplyPartnerStateCommand command;
  command.tenant = rpc::RequireName(violations, "partner", kPartnerName, request.partner())[0];
  command.news.partner_version =
      rpc::RequireQuantity(violations, "version", request.version(), 1, std::numeric_limits<int64_t>::max());
  rpc::RequireEnum(violations, "state", request.state(), partner::v1::Partner::State_descriptor());
  command.news.standing = StandingIn(request.state());
  command.news.change_time =
      rpc::RequireTime(violations, "change_time", request.has_change_time(), request.change_time());
  command.news.reason = rpc::RequireLines(violations, "reason", request.reason(), 0, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
