// Requests of FeeService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/base/money.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/fee_service.pb.h"

namespace countersign::billing {

struct AdjustFeeCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  Money amount;  // Not zero.
  std::string reason;
};
absl::StatusOr<AdjustFeeCommand> ParseAdjustFee(const rpc::Call& call, const v1::AdjustFeeRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_REQUESTS_H_
