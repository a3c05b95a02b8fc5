// Requests of PartnerRequestService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/api/partner_act_requests.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/partner_request_service.pb.h"

namespace countersign::billing {

struct CreatePartnerRequestCommand {
  Uuid tenant;  // The account.
  Uuid subscription;
  std::string partner_number;
};

absl::StatusOr<CreatePartnerRequestCommand> ParseCreatePartnerRequest(const rpc::Call& call,
                                                                      const v1::CreatePartnerRequestRequest& request);
absl::StatusOr<PartnerActCommand> ParseAcceptPartnerRequest(const rpc::Call& call,
                                                            const v1::AcceptPartnerRequestRequest& request);
absl::StatusOr<PartnerActCommand> ParseDeclinePartnerRequest(const rpc::Call& call,
                                                             const v1::DeclinePartnerRequestRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_REQUESTS_H_
