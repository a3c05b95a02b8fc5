#include "billing-service/src/api/parked_activation_messages.h"

#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::ParkedActivation::State ToProto(ParkedActivationState state) {
  return rpc::EnumNamed<v1::ParkedActivation::State>("STATE_", NameOf(state));
}

}  // namespace

std::string NameOf(const ParkedActivation& parked) {
  return rpc::FormatName(kParkedActivationName, {parked.account, parked.id});
}

v1::ParkedActivation ToProto(const ParkedActivation& parked) {
  v1::ParkedActivation message;
  message.set_name(NameOf(parked));
  message.set_state(ToProto(parked.state));
  message.set_order(OrderNameOf(parked.order));
  message.set_revision(parked.revision);
  message.set_reason(parked.reason);
  message.set_message(parked.message);
  *message.mutable_start_date() = rpc::ToProto(parked.start);
  *message.mutable_confirm_time() = rpc::ToProto(parked.confirm_time);
  message.set_operator_reason(parked.operator_reason);
  message.set_etag(rpc::EtagOf(parked.version));
  *message.mutable_create_time() = rpc::ToProto(parked.create_time);
  *message.mutable_update_time() = rpc::ToProto(parked.update_time);
  return message;
}

v1::ParkedActivationEvent EventOf(const ParkedActivation& parked) {
  v1::ParkedActivationEvent event;
  event.set_parked_activation(NameOf(parked));
  event.set_state(ToProto(parked.state));
  event.set_version(parked.version);
  event.set_order(OrderNameOf(parked.order));
  event.set_revision(parked.revision);
  event.set_reason(parked.reason);
  return event;
}

events::Event ParkedActivationChanged(const rpc::Call& call, const ParkedActivation& parked, absl::string_view type,
                                      absl::string_view reason) {
  return call.MakeEvent({.aggregate = parked.id,
                         .version = parked.version,
                         .type = type,
                         .payload = EventOf(parked),
                         .resource = ToProto(parked),
                         .reason = reason});
}

}  // namespace countersign::billing
