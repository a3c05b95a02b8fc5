#include "billing-service/src/api/fee_schedule_requests.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/fee.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

int64_t RequireRate(FieldViolations& violations, absl::string_view field, int64_t rate) {
  if (rate < 0 || rate > kWholeInBasisPoints) {
    violations.Add(field, absl::StrCat("must be 0 to ", kWholeInBasisPoints, " basis points"));
  }
  return rate;
}

}  // namespace

absl::StatusOr<CreateFeeScheduleCommand> ParseCreateFeeSchedule(const rpc::Call& call,
                                                                const v1::CreateFeeScheduleRequest& request) {
  FieldViolations violations;
  const v1::FeeSchedule& message = request.fee_schedule();
  FeeSchedule version;
  version.effective_date = rpc::RequireDate(violations, "fee_schedule.effective_date", message.has_effective_date(),
                                            message.effective_date());
  version.first_year_rate_basis_points =
      RequireRate(violations, "fee_schedule.first_year_rate_basis_points", message.first_year_rate_basis_points());
  version.later_rate_basis_points =
      RequireRate(violations, "fee_schedule.later_rate_basis_points", message.later_rate_basis_points());
  RETURN_IF_ERROR(violations.ToStatus());
  version.id = FeeScheduleId(version.effective_date);
  version.create_time = call.now();
  return CreateFeeScheduleCommand{.tenant = version.id, .version = version};
}

}  // namespace countersign::billing
