#include "billing-service/src/api/withholding_rate_requests.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/fee.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

// As partner-service takes it on a payee profile.
std::string RequireTaxForm(FieldViolations& violations, absl::string_view field, const std::string& value) {
  constexpr size_t kMaxTaxFormChars = 32;
  const bool allowed = std::all_of(value.begin(), value.end(),
                                   [](unsigned char c) { return absl::ascii_isalnum(c) || c == ' ' || c == '-'; });
  if (!allowed || value.size() > kMaxTaxFormChars) {
    violations.Add(field, "must be at most 32 of A–Z, a–z, 0–9, space and hyphen");
  }
  return value;
}

}  // namespace

absl::StatusOr<CreateWithholdingRateCommand> ParseCreateWithholdingRate(
    const rpc::Call& call, const v1::CreateWithholdingRateRequest& request) {
  FieldViolations violations;
  const v1::WithholdingRate& message = request.withholding_rate();
  WithholdingRate version;
  version.region = rpc::RequireCountry(violations, "withholding_rate.region_code", message.region_code());
  version.tax_form = RequireTaxForm(violations, "withholding_rate.tax_form_kind", message.tax_form_kind());
  version.basis_points =
      rpc::RequireQuantity(violations, "withholding_rate.basis_points", message.basis_points(), 0, kWholeInBasisPoints);
  version.effective_date = rpc::RequireDate(violations, "withholding_rate.effective_date", message.has_effective_date(),
                                            message.effective_date());
  RETURN_IF_ERROR(violations.ToStatus());
  version.id = WithholdingRateId(version.region, version.tax_form, version.effective_date);
  version.create_time = call.now();
  return CreateWithholdingRateCommand{.tenant = version.id, .version = version};
}

}  // namespace countersign::billing
