#include "billing-service/src/api/small_difference_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::SmallDifference ToProto(const SmallDifference& version) {
  v1::SmallDifference message;
  message.set_name(rpc::FormatName(kSmallDifferenceName, {version.id}));
  *message.mutable_limit() = rpc::ToProto(version.limit);
  *message.mutable_effective_date() = rpc::ToProto(version.effective_date);
  *message.mutable_create_time() = rpc::ToProto(version.create_time);
  return message;
}

v1::SmallDifferenceEvent EventOf(const SmallDifference& version) {
  v1::SmallDifferenceEvent event;
  event.set_small_difference(rpc::FormatName(kSmallDifferenceName, {version.id}));
  event.set_version(version.version);
  return event;
}

}  // namespace countersign::billing
