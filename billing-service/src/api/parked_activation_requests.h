// Requests of ParkedActivationService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/parked_activation.h"
#include "common/rpc/call.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/parked_activation_service.pb.h"

namespace countersign::billing {

struct RetryActivationCommand : rpc::NamedResource {
  LateStart start = LateStart::kKeep;
  std::string purchase_order_number = {};  // Empty: the order's.
};

absl::StatusOr<RetryActivationCommand> ParseRetryActivation(const rpc::Call& call,
                                                            const v1::RetryActivationRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_REQUESTS_H_
