#include "partner-service/src/api/partner_messages.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

v1::Partner::State ToProto(PartnerState state) { return rpc::EnumNamed<v1::Partner::State>("STATE_", NameOf(state)); }

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

v1::PartnerEvent EventOf(const Partner& partner) {
  v1::PartnerEvent event;
  event.set_partner(rpc::FormatName(kPartnerName, {partner.partner_id}));
  event.set_state(ToProto(partner.state));
  event.set_version(partner.version);
  event.set_state_reason(partner.state_reason);
  return event;
}

}  // namespace countersign::partner
