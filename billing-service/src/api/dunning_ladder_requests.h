// Requests of DunningLadderService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/dunning_ladder.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/dunning_ladder_service.pb.h"

namespace countersign::billing {

struct CreateDunningLadderCommand {
  Uuid tenant;  // The ladder itself: ladders belong to nobody.
  DunningLadder ladder;
};
absl::StatusOr<CreateDunningLadderCommand> ParseCreateDunningLadder(const rpc::Call& call,
                                                                    const v1::CreateDunningLadderRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_REQUESTS_H_
