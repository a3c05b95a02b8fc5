#include "link-service/src/api/new_link_request_messages.h"

#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"

namespace countersign::link {

v1::NewLinkRequest ToProto(const NewLinkRequest& request) {
  v1::NewLinkRequest message;
  message.set_name(rpc::FormatName(kNewLinkRequestName, {request.partner_id, request.request_id}));
  message.set_link(rpc::FormatName(kLinkName, {request.link_id}));
  message.set_order(rpc::FormatName(kOrderName, {request.partner_id, request.order_id}));
  message.set_order_number(request.order_number);
  *message.mutable_request_date() = rpc::ToProto(request.request_date);
  *message.mutable_create_time() = rpc::ToProto(request.create_time);
  return message;
}

events::Event NewLinkRequestEventOf(const rpc::Call& call, const NewLinkRequest& request) {
  const v1::NewLinkRequest resource = ToProto(request);
  v1::NewLinkRequestEvent payload;
  payload.set_new_link_request(resource.name());
  payload.set_link(resource.link());
  payload.set_order(resource.order());
  return call.MakeEvent({.tenant = request.partner_id,
                         .aggregate = request.request_id,
                         .version = 1,
                         .type = "NEW_LINK_REQUESTED",
                         .payload = payload,
                         .resource = resource});
}

}  // namespace countersign::link
