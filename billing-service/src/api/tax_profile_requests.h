// Requests of TaxProfileService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/tax_profile_service.pb.h"

namespace countersign::billing {

struct UpdateTaxProfileCommand {
  Uuid tenant;                           // The account.
  std::optional<std::string> tax_id;     // None: it stays.
  std::optional<std::string> exemption;  // None: it stays.
  std::string etag;
};
absl::StatusOr<UpdateTaxProfileCommand> ParseUpdateTaxProfile(const rpc::Call& call,
                                                              const v1::UpdateTaxProfileRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_REQUESTS_H_
