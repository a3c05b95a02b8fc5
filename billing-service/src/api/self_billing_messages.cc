#include "billing-service/src/api/self_billing_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::SelfBillingAgreement ToProto(const SelfBillingAgreement& version) {
  v1::SelfBillingAgreement message;
  message.set_name(rpc::FormatName(kSelfBillingAgreementName, {version.partner, version.id}));
  *message.mutable_effective_date() = rpc::ToProto(version.effective_date);
  message.set_ended(version.ended);
  message.set_region_code(version.region);
  message.set_tax_id(version.tax_id);
  *message.mutable_create_time() = rpc::ToProto(version.create_time);
  return message;
}

v1::SelfBillingAgreementEvent EventOf(const SelfBillingAgreement& version) {
  v1::SelfBillingAgreementEvent event;
  event.set_self_billing_agreement(rpc::FormatName(kSelfBillingAgreementName, {version.partner, version.id}));
  event.set_version(version.version);
  return event;
}

}  // namespace countersign::billing
