// Requests of PartnerStateService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/partner_state.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/partner_state_service.pb.h"

namespace countersign::billing {

struct ApplyPartnerStateCommand {
  Uuid tenant;  // The partner.
  StateNews news;
};
absl::StatusOr<ApplyPartnerStateCommand> ParseApplyPartnerState(const rpc::Call& call,
                                                                const v1::ApplyPartnerStateRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_REQUESTS_H_
