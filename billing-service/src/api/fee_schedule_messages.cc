#include "billing-service/src/api/fee_schedule_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::FeeSchedule ToProto(const FeeSchedule& version) {
  v1::FeeSchedule message;
  message.set_name(rpc::FormatName(kFeeScheduleName, {version.id}));
  *message.mutable_effective_date() = rpc::ToProto(version.effective_date);
  message.set_first_year_rate_basis_points(static_cast<int32_t>(version.first_year_rate_basis_points));
  message.set_later_rate_basis_points(static_cast<int32_t>(version.later_rate_basis_points));
  *message.mutable_create_time() = rpc::ToProto(version.create_time);
  return message;
}

v1::FeeScheduleEvent EventOf(const FeeSchedule& version) {
  v1::FeeScheduleEvent event;
  event.set_fee_schedule(rpc::FormatName(kFeeScheduleName, {version.id}));
  event.set_version(FeeSchedule::version);
  return event;
}

}  // namespace countersign::billing
