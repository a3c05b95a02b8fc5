// Fee schedules as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_MESSAGES_H_

#include "billing-service/src/domain/fee_schedule.h"
#include "countersign/billing/v1/fee_schedule.pb.h"

namespace countersign::billing {

v1::FeeSchedule ToProto(const FeeSchedule& version);

// The payload of FEE_SCHEDULE_CREATED.
v1::FeeScheduleEvent EventOf(const FeeSchedule& version);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_MESSAGES_H_
