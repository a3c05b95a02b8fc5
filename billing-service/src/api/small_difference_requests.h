// Requests of SmallDifferenceService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/small_difference.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/small_difference_service.pb.h"

namespace countersign::billing {

struct CreateSmallDifferenceCommand {
  Uuid tenant;  // The version itself: it belongs to nobody.
  SmallDifference version;
};
absl::StatusOr<CreateSmallDifferenceCommand> ParseCreateSmallDifference(
    const rpc::Call& call, const v1::CreateSmallDifferenceRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_REQUESTS_H_
