#include "billing-service/src/api/tax_profile_requests.h"

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/update_mask.h"

namespace countersign::billing {
namespace {

constexpr int kMaxTaxIdChars = 32;
constexpr int kMaxExemptionChars = 200;
constexpr absl::string_view kTaxProfileUpdatable[] = {"tax_id", "exemption"};

}  // namespace

absl::StatusOr<UpdateTaxProfileCommand> ParseUpdateTaxProfile(const rpc::Call& /*call*/,
                                                              const v1::UpdateTaxProfileRequest& request) {
  FieldViolations violations;
  const v1::TaxProfile& profile = request.tax_profile();
  UpdateTaxProfileCommand command;
  command.tenant = rpc::RequireName(violations, "tax_profile.name", kTaxProfileName, profile.name())[0];
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), profile, kTaxProfileUpdatable);
  if (mask.Has("tax_id")) {
    command.tax_id = rpc::RequireAscii(violations, "tax_profile.tax_id", profile.tax_id(), 0, kMaxTaxIdChars);
  }
  if (mask.Has("exemption")) {
    command.exemption =
        rpc::RequireText(violations, "tax_profile.exemption", profile.exemption(), 0, kMaxExemptionChars);
  }
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
