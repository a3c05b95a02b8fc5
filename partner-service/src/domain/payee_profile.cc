#include "partner-service/src/domain/payee_profile.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::partner {
namespace {

constexpr size_t kTailChars = 4;

}  // namespace

std::string BankReferenceContext(const Uuid& partner_id) {
  return absl::StrCat("bank_reference/", partner_id.ToString());
}

std::string TailOf(absl::string_view bank_reference) {
  return std::string(bank_reference.substr(bank_reference.size() - std::min(bank_reference.size(), kTailChars)));
}

absl::Status CheckTaxForm(const PayeeProfile& profile, Date today) {
  if (profile.tax_form_kind.empty() != !profile.tax_form_date.has_value()) {
    return InvalidField("payee_profile.tax_form_date", "goes together with tax_form_kind: give both or none");
  }
  if (profile.tax_form_date.has_value() && *profile.tax_form_date > today) {
    return InvalidField("payee_profile.tax_form_date", "must not be in the future");
  }
  return absl::OkStatus();
}

Uuid PayeeProfileAggregate(const Uuid& partner_id) { return Uuid::Derived({"payee_profile", partner_id.bytes()}); }

}  // namespace countersign::partner
