// Payee profile: the account that a partner's fees are paid to.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PAYEE_PROFILE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PAYEE_PROFILE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::partner {

struct PayeeProfile {
  Uuid partner_id;
  absl::Time create_time = absl::InfinitePast();  // Of the first change; InfinitePast before it, as update_time.
  std::string currency_code = {};                 // Empty before it is set.
  std::string sealed_bank_reference = {};         // Ciphertext; empty before it is set. The plain text is never kept.
  std::string bank_reference_tail = {};           // Its last four characters, which may be shown.
  std::string tax_form_kind = {};                 // Empty: none is on file.
  std::optional<Date> tax_form_date = {};         // Goes together with the kind.
  std::string tax_region = {};                    // Its country for tax, of two letters; empty: not given.
  int64_t version = 0;                            // 0 before the first change.
  absl::Time update_time = absl::InfinitePast();
};

// The context that a bank reference is encrypted for, so that one partner's cannot be used as another's.
std::string BankReferenceContext(const Uuid& partner_id);

// The last four characters.
std::string TailOf(absl::string_view bank_reference);

// OK when the tax form makes sense. Error: INVALID_ARGUMENT naming the field when its kind and date do
// not go together, or the date is after `today`.
absl::Status CheckTaxForm(const PayeeProfile& profile, Date today);

// The profile's aggregate in the event log, where its partner is the tenant.
Uuid PayeeProfileAggregate(const Uuid& partner_id);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_PAYEE_PROFILE_H_
