// Requests of SelfBillingService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/self_billing.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/self_billing_service.pb.h"

namespace countersign::billing {

struct CreateSelfBillingAgreementCommand {
  Uuid tenant;  // The partner.
  SelfBillingAgreement version;
};
absl::StatusOr<CreateSelfBillingAgreementCommand> ParseCreateSelfBillingAgreement(
    const rpc::Call& call, const v1::CreateSelfBillingAgreementRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_REQUESTS_H_
