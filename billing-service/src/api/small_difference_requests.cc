#include "billing-service/src/api/small_difference_requests.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<CreateSmallDifferenceCommand> ParseCreateSmallDifference(
    const rpc::Call& call, const v1::CreateSmallDifferenceRequest& request) {
  FieldViolations violations;
  const v1::SmallDifference& message = request.small_difference();
  SmallDifference version;
  version.limit = rpc::RequireMoney(violations, "small_difference.limit", message.has_limit(), message.limit(),
                                    rpc::Sign::kNotNegative);
  version.effective_date = rpc::RequireDate(violations, "small_difference.effective_date", message.has_effective_date(),
                                            message.effective_date());
  RETURN_IF_ERROR(violations.ToStatus());
  version.id = SmallDifferenceId(version.limit.currency(), version.effective_date);
  version.create_time = call.now();
  return CreateSmallDifferenceCommand{.tenant = version.id, .version = version};
}

}  // namespace countersign::billing
