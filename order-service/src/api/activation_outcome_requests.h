// Requests of ActivationOutcomeService, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_OUTCOME_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_OUTCOME_REQUESTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/activation_outcome_service.pb.h"

namespace countersign::order {

struct ApplyActivationOutcomeCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  int64_t revision = 0;
  bool activated = false;           // Otherwise it was abandoned.
  std::vector<Uuid> subscriptions;  // Of an activated order.
  std::string reason;               // Of an abandoned one.
};
absl::StatusOr<ApplyActivationOutcomeCommand> ParseApplyActivationOutcome(
    const rpc::Call& call, const v1::ApplyActivationOutcomeRequest& request);

struct ExpireWaitingChangeCommand {
  Uuid tenant;  // The partner.
  Uuid subscription;
  std::string reason;
};
absl::StatusOr<ExpireWaitingChangeCommand> ParseExpireWaitingChange(const rpc::Call& call,
                                                                    const v1::ExpireWaitingChangeRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_OUTCOME_REQUESTS_H_
