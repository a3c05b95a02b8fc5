// Requests of PartnerService, checked and in the domain's types.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/domain/partner.h"

namespace countersign::partner {

struct CreatePartnerCommand {
  Uuid tenant;  // The id that the partner will have.
  std::string partner_number;
  PartnerFields fields;
};
absl::StatusOr<CreatePartnerCommand> ParseCreatePartner(const rpc::Call& call, const v1::CreatePartnerRequest& request);

struct LookupPartnerCommand {
  std::string partner_number;
};
absl::StatusOr<LookupPartnerCommand> ParseLookupPartner(const rpc::Call& call, const v1::LookupPartnerRequest& request);

struct UpdatePartnerCommand {
  Uuid tenant;  // The partner.
  PartnerFields fields;
  std::string etag;
};
absl::StatusOr<UpdatePartnerCommand> ParseUpdatePartner(const rpc::Call& call, const v1::UpdatePartnerRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_REQUESTS_H_
