#include "partner-service/src/api/payee_profile_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

std::string MaskedAccountOf(const PayeeProfile& profile) {
  if (profile.bank_reference_tail.empty()) return "";
  return absl::StrCat("••••", profile.bank_reference_tail);
}

v1::PayeeProfile ToProto(const PayeeProfile& profile) {
  v1::PayeeProfile message;
  message.set_name(rpc::FormatName(kPayeeProfileName, {profile.partner_id}));
  message.set_currency_code(profile.currency_code);
  message.set_masked_bank_reference(MaskedAccountOf(profile));
  message.set_tax_form_on_file(profile.tax_form_date.has_value());
  message.set_tax_form_kind(profile.tax_form_kind);
  if (profile.tax_form_date.has_value()) *message.mutable_tax_form_date() = rpc::ToProto(*profile.tax_form_date);
  message.set_tax_region_code(profile.tax_region);
  message.set_etag(rpc::EtagOf(profile.version));
  if (profile.version > 0) *message.mutable_update_time() = rpc::ToProto(profile.update_time);
  return message;
}

v1::PayeeProfileEvent EventOf(const PayeeProfile& profile) {
  v1::PayeeProfileEvent event;
  event.set_payee_profile(rpc::FormatName(kPayeeProfileName, {profile.partner_id}));
  event.set_version(profile.version);
  event.set_currency_code(profile.currency_code);
  event.set_has_bank_reference(!profile.sealed_bank_reference.empty());
  return event;
}

}  // namespace countersign::partner
