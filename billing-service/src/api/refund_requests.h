// Requests of RefundService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/refund.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/refund_service.pb.h"

namespace countersign::billing {

struct CreateRefundCommand {
  Uuid tenant;  // The account.
  Refund refund;
};
absl::StatusOr<CreateRefundCommand> ParseCreateRefund(const rpc::Call& call, const v1::CreateRefundRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_REQUESTS_H_
