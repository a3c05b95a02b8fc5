#include "billing-service/src/domain/withholding_rate.h"

#include "billing-service/src/domain/new_version.h"

namespace countersign::billing {
namespace {

const WithholdingRate* RateOfForm(const std::vector<WithholdingRate>& versions, absl::string_view region,
                                  absl::string_view tax_form, Date date) {
  const WithholdingRate* in_force = nullptr;
  for (const WithholdingRate& version : versions) {
    if (version.region != region || version.tax_form != tax_form || version.effective_date > date) continue;
    if (in_force == nullptr || version.effective_date > in_force->effective_date) in_force = &version;
  }
  return in_force;
}

}  // namespace

Uuid WithholdingRateId(absl::string_view region, absl::string_view tax_form, Date effective_date) {
  return Uuid::Derived({"withholding rate", region, tax_form, FormatDate(effective_date)});
}

absl::Status CheckNewVersion(const WithholdingRate& added, const std::vector<WithholdingRate>& versions, Date today) {
  std::vector<WithholdingRate> alike;
  for (const WithholdingRate& version : versions) {
    if (version.region == added.region && version.tax_form == added.tax_form) alike.push_back(version);
  }
  return CheckBegins(added, alike, today, /*first_is_free=*/true,
                     {.exists_reason = "WITHHOLDING_RATE_EXISTS",
                      .exists = "The country has a rate for this form",
                      .past_reason = "WITHHOLDING_RATE_IN_THE_PAST",
                      .begins = "The country has a rate for this form, so a new one begins"});
}

const WithholdingRate* RateFor(const std::vector<WithholdingRate>& versions, absl::string_view region,
                               absl::string_view tax_form, Date date) {
  if (region.empty()) return nullptr;
  const WithholdingRate* const of_form = RateOfForm(versions, region, tax_form, date);
  return of_form == nullptr ? RateOfForm(versions, region, "", date) : of_form;
}

}  // namespace countersign::billing
