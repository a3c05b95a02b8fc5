#include "partner-service/src/api/payee_profile_requests.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

constexpr size_t kMinBankReferenceBytes = 8;
constexpr size_t kMaxBankReferenceBytes = 64;
constexpr size_t kMaxTaxFormKindBytes = 32;  // As wide as its column.
constexpr absl::string_view kPayeeProfileUpdatable[] = {"currency_code", "bank_reference", "tax_form_kind",
                                                        "tax_form_date", "tax_region_code"};

// The violation never repeats the value.
std::string RequireBankReference(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  if (value.empty()) return "";
  const bool allowed = absl::c_all_of(value, [](unsigned char c) {
    return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == ' ' || c == '/' || c == '-';
  });
  const bool fits = value.size() >= kMinBankReferenceBytes && value.size() <= kMaxBankReferenceBytes;
  if (!allowed || !fits || value.front() == ' ' || value.back() == ' ') {
    violations.Add(field, absl::StrCat("must be empty or ", kMinBankReferenceBytes, " to ", kMaxBankReferenceBytes,
                                       " of A–Z, 0–9, space, / and -, without a space at either end"));
  }
  return std::string(value);
}

std::string RequireTaxFormKind(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const bool allowed =
      absl::c_all_of(value, [](unsigned char c) { return absl::ascii_isalnum(c) || c == ' ' || c == '-'; });
  if (!allowed || value.size() > kMaxTaxFormKindBytes) {
    violations.Add(field,
                   absl::StrCat("must be at most ", kMaxTaxFormKindBytes, " of A–Z, a–z, 0–9, space and hyphen"));
  }
  return std::string(value);
}

}  // namespace

absl::StatusOr<UpdatePayeeProfileCommand> ParseUpdatePayeeProfile(const rpc::Call& call,
                                                                  const v1::UpdatePayeeProfileRequest& request) {
  FieldViolations violations;
  const v1::PayeeProfile& profile = request.payee_profile();
  UpdatePayeeProfileCommand command;
  command.tenant = rpc::RequireName(violations, "payee_profile.name", kPayeeProfileName, profile.name())[0];
  command.mask = rpc::RequireUpdateMask(violations, request.update_mask(), profile, kPayeeProfileUpdatable);
  if (command.mask.Has("currency_code") && !profile.currency_code().empty()) {
    command.currency_code = rpc::RequireCurrency(violations, "payee_profile.currency_code", profile.currency_code());
  }
  if (command.mask.Has("bank_reference")) {
    command.bank_reference = RequireBankReference(violations, "payee_profile.bank_reference", profile.bank_reference());
  }
  if (command.mask.Has("tax_form_kind")) {
    command.tax_form_kind = RequireTaxFormKind(violations, "payee_profile.tax_form_kind", profile.tax_form_kind());
  }
  if (command.mask.Has("tax_form_date") && profile.has_tax_form_date()) {
    command.tax_form_date = rpc::RequireDate(violations, "payee_profile.tax_form_date", true, profile.tax_form_date());
  }
  if (command.mask.Has("tax_region_code") && !profile.tax_region_code().empty()) {
    command.tax_region_code =
        rpc::RequireCountry(violations, "payee_profile.tax_region_code", profile.tax_region_code());
  }
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::partner
