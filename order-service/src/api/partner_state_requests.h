// Requests of PartnerStateService, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PARTNER_STATE_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PARTNER_STATE_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/partner_state_service.pb.h"
#include "order-service/src/domain/partner_state.h"

namespace countersign::order {

struct ApplyPartnerStateCommand {
  Uuid tenant;  // The partner.
  PartnerState state;
  // For the record and the reason; `state` alone decides.
  partner::v1::Partner::State partner_state = partner::v1::Partner::STATE_UNSPECIFIED;
  std::string reason;
};
absl::StatusOr<ApplyPartnerStateCommand> ParseApplyPartnerState(const rpc::Call& call,
                                                                const v1::ApplyPartnerStateRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PARTNER_STATE_REQUESTS_H_
