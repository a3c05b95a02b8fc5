// Holds of fees as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_MESSAGES_H_

#include "billing-service/src/domain/fee_hold.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/fee_hold.pb.h"

namespace countersign::billing {

v1::FeeHold ToProto(const FeeHold& hold);

// FEE_HOLD_SET, FEE_HOLD_RELEASED or FEE_HOLD_FORFEITED: the event of the version that the hold has now.
events::Event FeeHoldEventOf(const rpc::Call& call, const FeeHold& hold);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_MESSAGES_H_
