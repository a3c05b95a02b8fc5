#include "partner-service/src/api/partner_messages.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

v1::Partner::State ToProto(PartnerState state) {
  switch (state) {
    case PartnerState::kPending:
      return v1::Partner::STATE_PENDING;
    case PartnerState::kActive:
      return v1::Partner::STATE_ACTIVE;
    case PartnerState::kSuspended:
      return v1::Partner::STATE_SUSPENDED;
    case PartnerState::kRejected:
      return v1::Partner::STATE_REJECTED;
    case PartnerState::kTerminated:
      return v1::Partner::STATE_TERMINATED;
  }
  return v1::Partner::STATE_UNSPECIFIED;
}

v1::Partner ToProto(const Partner& partner, absl::string_view current_agreement) {
  v1::Partner message;
  message.set_name(rpc::FormatName(kPartnerName, {partner.partner_id}));
  message.set_partner_number(partner.partner_number);
  message.set_display_name(partner.display_name);
  message.set_contact_email(partner.contact_email);
  message.set_state(ToProto(partner.state));
  message.set_state_reason(partner.state_reason);
  if (partner.agreement_accept_time.has_value()) {
    message.set_accepted_agreement(absl::StrCat(kAgreementPrefix, partner.accepted_agreement));
    message.set_agreement_accepted_by(partner.agreement_accepted_by);
    *message.mutable_agreement_accept_time() = rpc::ToProto(*partner.agreement_accept_time);
    message.set_agreement_current(partner.accepted_agreement == current_agreement);
  }
  message.set_version(partner.version);
  message.set_etag(rpc::EtagOf(partner.version));
  *message.mutable_create_time() = rpc::ToProto(partner.create_time);
  *message.mutable_update_time() = rpc::ToProto(partner.update_time);
  return message;
}

v1::Customer ToProto(const Customer& customer) {
  v1::Customer message;
  message.set_name(rpc::FormatName(kCustomerName, {customer.partner_id, customer.customer_id}));
  message.set_display_name(customer.display_name);
  message.set_contact_name(customer.contact_name);
  message.set_contact_email(customer.contact_email);
  message.set_partner_reference(customer.partner_reference);
  message.set_etag(rpc::EtagOf(customer.version));
  *message.mutable_create_time() = rpc::ToProto(customer.create_time);
  *message.mutable_update_time() = rpc::ToProto(customer.update_time);
  message.set_archived(customer.archive_time.has_value());
  if (customer.archive_time.has_value()) *message.mutable_archive_time() = rpc::ToProto(*customer.archive_time);
  return message;
}

std::string NameOf(const ApiKey& key) { return rpc::FormatName(kApiKeyName, {key.partner_id, key.api_key_id}); }

v1::ApiKey ToProto(const ApiKey& key, absl::Time now) {
  v1::ApiKey message;
  message.set_name(NameOf(key));
  message.set_display_name(key.display_name);
  message.set_prefix(PrefixOf(key));
  if (key.expire_time.has_value()) *message.mutable_expire_time() = rpc::ToProto(*key.expire_time);
  if (key.revoke_time.has_value()) *message.mutable_revoke_time() = rpc::ToProto(*key.revoke_time);
  if (key.last_use_time.has_value()) *message.mutable_last_use_time() = rpc::ToProto(*key.last_use_time);
  message.set_live(IsLive(key, now));
  message.set_etag(rpc::EtagOf(key.version));
  *message.mutable_create_time() = rpc::ToProto(key.create_time);
  *message.mutable_update_time() = rpc::ToProto(key.update_time);
  return message;
}

v1::Authorization ToProto(const Authorization& authorization) {
  v1::Authorization message;
  message.set_name(rpc::FormatName(kAuthorizationName, {authorization.partner_id, authorization.authorization_id}));
  message.set_product(absl::StrCat(kOfferPrefix, authorization.product));
  *message.mutable_start_time() = rpc::ToProto(authorization.start_time);
  if (authorization.end_time.has_value()) *message.mutable_end_time() = rpc::ToProto(*authorization.end_time);
  message.set_etag(rpc::EtagOf(authorization.version));
  *message.mutable_create_time() = rpc::ToProto(authorization.create_time);
  *message.mutable_update_time() = rpc::ToProto(authorization.update_time);
  return message;
}

v1::Agreement ToProto(const Agreement& agreement) {
  v1::Agreement message;
  message.set_name(absl::StrCat(kAgreementPrefix, agreement.agreement_id));
  message.set_title(agreement.title);
  *message.mutable_effective_time() = rpc::ToProto(agreement.effective_time);
  message.set_document_sha256(absl::BytesToHexString(agreement.document_sha256));
  message.set_document_uri(agreement.document_uri);
  *message.mutable_create_time() = rpc::ToProto(agreement.create_time);
  return message;
}

v1::AgreementAcceptance ToProto(const AgreementAcceptance& acceptance) {
  v1::AgreementAcceptance message;
  message.set_name(rpc::FormatName(kAcceptanceName, {acceptance.partner_id, acceptance.acceptance_id}));
  message.set_agreement(absl::StrCat(kAgreementPrefix, acceptance.agreement_id));
  message.set_accepted_by(acceptance.accepted_by);
  message.set_recorded_by(acceptance.recorded_by);
  *message.mutable_accept_time() = rpc::ToProto(acceptance.accept_time);
  return message;
}

v1::PayeeProfile ToProto(const PayeeProfile& profile) {
  v1::PayeeProfile message;
  message.set_name(rpc::FormatName(kPayeeProfileName, {profile.partner_id}));
  message.set_currency_code(profile.currency_code);
  if (!profile.bank_reference_tail.empty()) {
    message.set_masked_bank_reference(absl::StrCat("••••", profile.bank_reference_tail));
  }
  message.set_tax_form_on_file(profile.tax_form_date.has_value());
  message.set_tax_form_kind(profile.tax_form_kind);
  if (profile.tax_form_date.has_value()) *message.mutable_tax_form_date() = rpc::ToProto(*profile.tax_form_date);
  message.set_etag(rpc::EtagOf(profile.version));
  if (profile.version > 0) *message.mutable_update_time() = rpc::ToProto(profile.update_time);
  return message;
}

v1::PartnerEvent EventOf(const Partner& partner) {
  v1::PartnerEvent event;
  event.set_partner(rpc::FormatName(kPartnerName, {partner.partner_id}));
  event.set_state(ToProto(partner.state));
  event.set_version(partner.version);
  event.set_state_reason(partner.state_reason);
  return event;
}

v1::CustomerEvent EventOf(const Customer& customer) {
  v1::CustomerEvent event;
  event.set_customer(rpc::FormatName(kCustomerName, {customer.partner_id, customer.customer_id}));
  event.set_version(customer.version);
  event.set_archived(customer.archive_time.has_value());
  return event;
}

v1::ApiKeyEvent EventOf(const ApiKey& key) {
  v1::ApiKeyEvent event;
  event.set_api_key(NameOf(key));
  event.set_version(key.version);
  event.set_revoked(key.revoke_time.has_value());
  return event;
}

v1::AuthorizationEvent EventOf(const Authorization& authorization) {
  v1::AuthorizationEvent event;
  event.set_authorization(
      rpc::FormatName(kAuthorizationName, {authorization.partner_id, authorization.authorization_id}));
  event.set_version(authorization.version);
  return event;
}

v1::AgreementEvent EventOf(const Agreement& agreement) {
  v1::AgreementEvent event;
  event.set_agreement(absl::StrCat(kAgreementPrefix, agreement.agreement_id));
  *event.mutable_effective_time() = rpc::ToProto(agreement.effective_time);
  return event;
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
