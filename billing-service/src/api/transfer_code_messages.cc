#include "billing-service/src/api/transfer_code_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::TransferCode ToProto(const TransferCode& code) {
  v1::TransferCode message;
  message.set_name(rpc::FormatName(kTransferCodeName, {code.account, code.id}));
  message.set_subscription(rpc::FormatName(kSubscriptionName, {code.account, code.subscription}));
  *message.mutable_create_time() = rpc::ToProto(code.create_time);
  *message.mutable_expire_time() = rpc::ToProto(code.expire_time);
  if (code.order.has_value()) message.set_order(rpc::FormatName(kOrderName, {code.order->partner, code.order->order}));
  if (code.use_time.has_value()) *message.mutable_use_time() = rpc::ToProto(*code.use_time);
  return message;
}

events::Event TransferCodeChanged(const rpc::Call& call, const TransferCode& code, absl::string_view type) {
  const v1::TransferCode resource = ToProto(code);
  v1::TransferCodeEvent payload;
  payload.set_transfer_code(resource.name());
  payload.set_subscription(resource.subscription());
  payload.set_order(resource.order());
  payload.set_version(code.version);
  return call.MakeEvent({.tenant = code.account,
                         .aggregate = code.id,
                         .version = code.version,
                         .type = type,
                         .payload = payload,
                         .resource = resource});
}

}  // namespace countersign::billing
