// Requests of DunningService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_REQUESTS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/rpc/call.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/dunning_service.pb.h"

namespace countersign::billing {

struct SetDunningHoldCommand : rpc::NamedResource {
  std::optional<Date> hold_until = {};  // None: the hold ends.
};
absl::StatusOr<SetDunningHoldCommand> ParseSetDunningHold(const rpc::Call& call,
                                                          const v1::SetDunningHoldRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_REQUESTS_H_
