// Requests of WithholdingRateService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/withholding_rate.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/withholding_rate_service.pb.h"

namespace countersign::billing {

struct CreateWithholdingRateCommand {
  Uuid tenant;  // The version itself: it belongs to nobody.
  WithholdingRate version;
};
absl::StatusOr<CreateWithholdingRateCommand> ParseCreateWithholdingRate(
    const rpc::Call& call, const v1::CreateWithholdingRateRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_REQUESTS_H_
