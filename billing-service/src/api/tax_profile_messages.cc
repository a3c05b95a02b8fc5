#include "billing-service/src/api/tax_profile_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::TaxProfile TaxProfileOf(const BillingAccount& account) {
  const TaxProfile& profile = account.tax_profile;
  v1::TaxProfile message;
  message.set_name(rpc::FormatName(kTaxProfileName, {account.id}));
  message.set_tax_id(profile.tax_id);
  if (profile.validation_date.has_value()) {
    *message.mutable_validation_date() = rpc::ToProto(*profile.validation_date);
  }
  message.set_exemption(profile.exemption);
  message.set_etag(rpc::EtagOf(account.version));
  return message;
}

}  // namespace countersign::billing
