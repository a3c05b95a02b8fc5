#include "partner-service/src/api/agreement_messages.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

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

v1::AgreementEvent EventOf(const Agreement& agreement) {
  v1::AgreementEvent event;
  event.set_agreement(absl::StrCat(kAgreementPrefix, agreement.agreement_id));
  *event.mutable_effective_time() = rpc::ToProto(agreement.effective_time);
  return event;
}

}  // namespace countersign::partner
