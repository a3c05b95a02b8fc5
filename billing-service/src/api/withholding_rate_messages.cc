#include "billing-service/src/api/withholding_rate_messages.h"

#include <cstdint>

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::WithholdingRate ToProto(const WithholdingRate& version) {
  v1::WithholdingRate message;
  message.set_name(rpc::FormatName(kWithholdingRateName, {version.id}));
  message.set_region_code(version.region);
  message.set_tax_form_kind(version.tax_form);
  *message.mutable_effective_date() = rpc::ToProto(version.effective_date);
  message.set_basis_points(static_cast<int32_t>(version.basis_points));
  *message.mutable_create_time() = rpc::ToProto(version.create_time);
  return message;
}

v1::WithholdingRateEvent EventOf(const WithholdingRate& version) {
  v1::WithholdingRateEvent event;
  event.set_withholding_rate(rpc::FormatName(kWithholdingRateName, {version.id}));
  event.set_version(version.version);
  return event;
}

}  // namespace countersign::billing
