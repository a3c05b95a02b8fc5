#include "billing-service/src/api/fee_schedule_requests.h"

#include "billing-service/src/domain/fee.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
absl::StatusOr<CreateFeeScheduleCommand> ParseCreateFeeSchedule(const rpc::Call& call,
                                                                const v1::CreateFeeScheduleRequest& request) {
  FieldViolations violations;
  const v1::FeeSchedule& message = request.fee_schedule();
  FeeSchedule version;
  version.effective_date = rpc::RequireDate(violations, "fee_schedule.effective_date", message.has_effective_date(),
                                            message.effective_date());
  version.first_year_rate_basis_points =
      rpc::RequireQuantity(violations, "fee_schedule.first_year_rate_basis_points",
                           message.first_year_rate_basis_points(), 0, kWholeInBasisPoints);
  version.later_rate_basis_points = rpc::RequireQuantity(violations, "fee_schedule.later_rate_basis_points",
                                                         message.later_rate_basis_points(), 0, kWholeInBasisPoints);
  RETURN_IF_ERROR(violations.ToStatus());
  version.id = FeeScheduleId(version.effective_date);
  version.create_time = call.now();
  return CreateFeeScheduleCommand{.tenant = version.id, .version = version};
}

}  // namespace countersign::billing
