// Dunning ladders as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_MESSAGES_H_

#include "billing-service/src/domain/dunning_ladder.h"
#include "countersign/billing/v1/dunning_ladder.pb.h"

namespace countersign::billing {

v1::DunningLadder ToProto(const DunningLadder& ladder);

// The payload of DUNNING_LADDER_CREATED.
v1::DunningLadderEvent EventOf(const DunningLadder& ladder);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_MESSAGES_H_
