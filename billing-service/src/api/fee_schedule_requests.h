// Requests of FeeScheduleService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/fee_schedule.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/fee_schedule_service.pb.h"

namespace countersign::billing {

struct CreateFeeScheduleCommand {
  Uuid tenant;  // The version itself: it belongs to nobody.
  FeeSchedule version;
};
absl::StatusOr<CreateFeeScheduleCommand> ParseCreateFeeSchedule(const rpc::Call& call,
                                                                const v1::CreateFeeScheduleRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_REQUESTS_H_
