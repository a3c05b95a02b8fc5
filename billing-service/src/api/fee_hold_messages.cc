#include "billing-service/src/api/fee_hold_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

absl::string_view HoldEventType(FeeHoldState state) {
  switch (state) {
    case FeeHoldState::kActive:
      return "FEE_HOLD_SET";
    case FeeHoldState::kReleased:
      return "FEE_HOLD_RELEASED";
    case FeeHoldState::kForfeited:
      return "FEE_HOLD_FORFEITED";
  }
  return "FEE_HOLD_SET";
}

}  // namespace

v1::FeeHold ToProto(const FeeHold& hold) {
  v1::FeeHold message;
  message.set_name(rpc::FormatName(kFeeHoldName, {hold.partner, hold.id}));
  message.set_kind(rpc::EnumNamed<v1::FeeHold::Kind>("KIND_", NameOf(hold.kind)));
  message.set_state(rpc::EnumNamed<v1::FeeHold::State>("STATE_", NameOf(hold.state)));
  if (hold.account.has_value() && hold.subscription.has_value()) {
    message.set_subscription(rpc::FormatName(kSubscriptionName, {*hold.account, *hold.subscription}));
  }
  message.set_reason(hold.reason);
  message.set_end_reason(hold.end_reason);
  *message.mutable_create_time() = rpc::ToProto(hold.create_time);
  if (hold.end_time.has_value()) *message.mutable_end_time() = rpc::ToProto(*hold.end_time);
  message.set_etag(rpc::EtagOf(hold.version));
  return message;
}

events::Event FeeHoldEventOf(const rpc::Call& call, const FeeHold& hold) {
  v1::FeeHoldEvent payload;
  payload.set_fee_hold(rpc::FormatName(kFeeHoldName, {hold.partner, hold.id}));
  payload.set_state(rpc::EnumNamed<v1::FeeHold::State>("STATE_", NameOf(hold.state)));
  payload.set_version(hold.version);
  return call.MakeEvent({.aggregate = hold.id,
                         .version = hold.version,
                         .type = HoldEventType(hold.state),
                         .payload = payload,
                         .resource = ToProto(hold),
                         .reason = hold.state == FeeHoldState::kActive ? hold.reason : hold.end_reason});
}

}  // namespace countersign::billing
