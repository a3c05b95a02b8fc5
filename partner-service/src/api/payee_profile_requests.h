// Requests of PayeeProfileService, checked and in the domain's types.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/update_mask.h"
#include "countersign/partner/v1/payee_profile_service.pb.h"

namespace countersign::partner {

struct UpdatePayeeProfileCommand {
  Uuid tenant;  // The partner.
  rpc::UpdateMask mask;
  // The fields of the mask; an empty one is to be emptied.
  std::string currency_code;
  std::string bank_reference;  // The only place where it is in the clear.
  std::string tax_form_kind;
  std::optional<Date> tax_form_date;
  std::string tax_region_code;
  std::string etag;
};
absl::StatusOr<UpdatePayeeProfileCommand> ParseUpdatePayeeProfile(const rpc::Call& call,
                                                                  const v1::UpdatePayeeProfileRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_REQUESTS_H_
