#include "billing-service/src/api/tax_rate_requests.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
absl::StatusOr<CreateTaxRateCommand> ParseCreateTaxRate(const rpc::Call& call,
                                                        const v1::CreateTaxRateRequest& request) {
  FieldViolations violations;
  const v1::TaxRate& message = request.tax_rate();
  TaxRate rate;
  rate.region = rpc::RequireCountry(violations, "tax_rate.region_code", message.region_code());
  rate.effective_date =
      rpc::RequireDate(violations, "tax_rate.effective_date", message.has_effective_date(), message.effective_date());
  if (message.rate_ppm() < 0 || message.rate_ppm() > kWholeInPpm) {
    violations.Add("tax_rate.rate_ppm", absl::StrCat("must be 0 to ", kWholeInPpm));
  }
  rate.rate_ppm = message.rate_ppm();
  rpc::RequireEnum(violations, "tax_rate.rounding", message.rounding(), v1::TaxRate::Rounding_descriptor());
  rpc::RequireEnum(violations, "tax_rate.tax_date", message.tax_date(), v1::TaxRate::TaxDate_descriptor());
  RETURN_IF_ERROR(violations.ToStatus());
  rate.rounding = message.rounding() == v1::TaxRate::ROUNDING_DOWN ? TaxRounding::kDown : TaxRounding::kHalfUp;
  rate.tax_date =
      message.tax_date() == v1::TaxRate::TAX_DATE_SERVICE_END ? TaxDate::kServiceEnd : TaxDate::kInvoiceDate;
  rate.reverse_charge = message.reverse_charge();
  rate.id = TaxRateId(rate.region, rate.effective_date);
  rate.create_time = call.now();
  return CreateTaxRateCommand{.tenant = rate.id, .rate = rate};
}

}  // namespace countersign::billing
