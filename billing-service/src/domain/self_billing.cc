#include "billing-service/src/domain/self_billing.h"

#include "billing-service/src/domain/new_version.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

Uuid SelfBillingAgreementId(const Uuid& partner, Date effective_date) {
  return Uuid::Derived({"self-billing agreement", partner.bytes(), FormatDate(effective_date)});
}

absl::Status CheckNewVersion(const SelfBillingAgreement& added, const std::vector<SelfBillingAgreement>& versions,
                             Date today) {
  return CheckBegins(added, versions, today, /*first_is_free=*/false,
                     {.exists_reason = "SELF_BILLING_AGREEMENT_EXISTS",
                      .exists = "The partner has an agreement",
                      .past_reason = "SELF_BILLING_AGREEMENT_IN_THE_PAST",
                      .begins = "A self-billing agreement begins"});
}

const SelfBillingAgreement* AgreementOn(const std::vector<SelfBillingAgreement>& versions, Date date) {
  const SelfBillingAgreement* in_force = nullptr;
  for (const SelfBillingAgreement& version : versions) {
    if (version.effective_date > date) continue;
    if (in_force == nullptr || version.effective_date > in_force->effective_date) in_force = &version;
  }
  return in_force == nullptr || in_force->ended ? nullptr : in_force;
}

absl::StatusOr<LineTax> SelfBilledTax(const SelfBilling& by, const Money& net, Date date, Date last_day) {
  const TaxTable table(by.agreement.region, by.rates, TaxProfile{});
  ASSIGN_OR_RETURN(const std::vector<LineTax> taxes, table.Tax(date, {{.net = net, .last_service_date = last_day}}));
  return taxes.front();
}

}  // namespace countersign::billing
