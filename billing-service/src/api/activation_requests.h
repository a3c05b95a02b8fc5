// Requests of ActivationService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/activation.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/activation_service.pb.h"

namespace countersign::billing {

struct ActivateOrderCommand {
  Uuid tenant;  // The billing account.
  ConfirmedOrder order;
  bool with_outlook = false;
  std::string request;  // Itself, to be kept when the activation is parked; without request_id.
};

// With validate_only, what only a confirmation knows (start, time, customer) may be left out; the start is then today.
absl::StatusOr<ActivateOrderCommand> ParseActivateOrder(const rpc::Call& call, const v1::ActivateOrderRequest& request);

// The order of ActivateOrderCommand::request. Error: DATA_LOSS when it does not parse.
absl::StatusOr<ConfirmedOrder> OrderOfKeptRequest(const rpc::Call& call, const std::string& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_REQUESTS_H_
