// Requests about payee profiles, checked and in the domain's types: as partner_requests.h.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/update_mask.h"
#include "countersign/partner/v1/partner_service.pb.h"

namespace countersign::partner {

struct GetPayeeProfile {
  Uuid partner;
};
absl::StatusOr<GetPayeeProfile> ParseGetPayeeProfile(const rpc::Call& call, const v1::GetPayeeProfileRequest& request);

struct UpdatePayeeProfile {
  Uuid tenant;  // The partner.
  rpc::UpdateMask mask;
  // Those of the mask; empty: to be emptied.
  std::string currency_code;
  std::string bank_reference;  // In the clear, and nowhere else than here.
  std::string tax_form_kind;
  std::optional<Date> tax_form_date;
  std::string etag;
};
absl::StatusOr<UpdatePayeeProfile> ParseUpdatePayeeProfile(const rpc::Call& call,
                                                           const v1::UpdatePayeeProfileRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_REQUESTS_H_
