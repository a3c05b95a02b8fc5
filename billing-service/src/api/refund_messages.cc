#include "billing-service/src/api/refund_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::Refund ToProto(const Refund& refund) {
  v1::Refund message;
  message.set_name(rpc::FormatName(kRefundName, {refund.account, refund.id}));
  *message.mutable_amount() = rpc::ToProto(refund.amount);
  message.set_bank_reference(refund.bank_reference);
  message.set_reason(refund.reason);
  *message.mutable_refund_date() = rpc::ToProto(refund.date);
  *message.mutable_create_time() = rpc::ToProto(refund.create_time);
  return message;
}

v1::RefundEvent EventOf(const Refund& refund) {
  v1::RefundEvent event;
  event.set_refund(rpc::FormatName(kRefundName, {refund.account, refund.id}));
  event.set_version(refund.version);
  return event;
}

}  // namespace countersign::billing
