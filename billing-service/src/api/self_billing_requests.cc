#include "billing-service/src/api/self_billing_requests.h"

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<CreateSelfBillingAgreementCommand> ParseCreateSelfBillingAgreement(
    const rpc::Call& call, const v1::CreateSelfBillingAgreementRequest& request) {
  constexpr int kMaxPartnersTaxIdChars = 32;
  FieldViolations violations;
  const v1::SelfBillingAgreement& message = request.self_billing_agreement();
  SelfBillingAgreement version;
  version.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  version.effective_date = rpc::RequireDate(violations, "self_billing_agreement.effective_date",
                                            message.has_effective_date(), message.effective_date());
  version.ended = message.ended();
  if (version.ended) {
    constexpr absl::string_view kNotWhenEnded = "must be empty when ended";
    if (!message.region_code().empty()) violations.Add("self_billing_agreement.region_code", kNotWhenEnded);
    if (!message.tax_id().empty()) violations.Add("self_billing_agreement.tax_id", kNotWhenEnded);
  } else {
    version.region = rpc::RequireCountry(violations, "self_billing_agreement.region_code", message.region_code());
    version.tax_id =
        rpc::RequireAscii(violations, "self_billing_agreement.tax_id", message.tax_id(), 1, kMaxPartnersTaxIdChars);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(version.partner));
  version.id = SelfBillingAgreementId(version.partner, version.effective_date);
  version.create_time = call.now();
  return CreateSelfBillingAgreementCommand{.tenant = version.partner, .version = version};
}

}  // namespace countersign::billing
