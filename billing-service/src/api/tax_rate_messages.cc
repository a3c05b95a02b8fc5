#include "billing-service/src/api/tax_rate_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::TaxRate ToProto(const TaxRate& rate) {
  v1::TaxRate message;
  message.set_name(rpc::FormatName(kTaxRateName, {rate.id}));
  message.set_region_code(rate.region);
  *message.mutable_effective_date() = rpc::ToProto(rate.effective_date);
  message.set_rate_ppm(rate.rate_ppm);
  message.set_rounding(rpc::EnumNamed<v1::TaxRate::Rounding>("ROUNDING_", NameOf(rate.rounding)));
  message.set_tax_date(rpc::EnumNamed<v1::TaxRate::TaxDate>("TAX_DATE_", NameOf(rate.tax_date)));
  message.set_reverse_charge(rate.reverse_charge);
  *message.mutable_create_time() = rpc::ToProto(rate.create_time);
  return message;
}

v1::TaxRateEvent EventOf(const TaxRate& rate) {
  v1::TaxRateEvent event;
  event.set_tax_rate(rpc::FormatName(kTaxRateName, {rate.id}));
  event.set_version(rate.version);
  return event;
}

}  // namespace countersign::billing
