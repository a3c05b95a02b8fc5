// Requests of FeeHoldService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/fee_hold_service.pb.h"

namespace countersign::billing {

struct ListFeeHoldsCommand {
  std::optional<Uuid> partner;  // nullopt: of all partners.
  rpc::Listing list;
};
absl::StatusOr<ListFeeHoldsCommand> ParseListFeeHolds(const rpc::Call& call, const v1::ListFeeHoldsRequest& request);

struct SetFeeHoldCommand {
  Uuid tenant;  // The partner.
  Uuid account;
  Uuid subscription;
  std::string reason;
};
absl::StatusOr<SetFeeHoldCommand> ParseSetFeeHold(const rpc::Call& call, const v1::SetFeeHoldRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_REQUESTS_H_
