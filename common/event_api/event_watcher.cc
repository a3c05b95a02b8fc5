#include "common/event_api/event_watcher.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"

namespace countersign::event_api {

void EventWatcher::Take(std::vector<FeedItem> items) {
  std::vector<event::v1::Event> events;
  events.reserve(items.size());
  for (FeedItem& item : items) events.push_back(ToProto(item.event, std::move(item.position)));
  Write(std::move(events));
}

event::v1::Event ToProto(const events::Event& event, std::string position) {
  event::v1::Event proto;
  proto.set_position(std::move(position));
  proto.set_tenant(event.tenant.ToString());
  proto.set_aggregate(event.aggregate.ToString());
  proto.set_version(event.version);
  proto.set_type(event.type);
  proto.set_actor(event.actor);
  proto.set_on_behalf_of(event.on_behalf_of);
  proto.set_reason(event.reason);
  proto.set_request_id(event.request_id);
  *proto.mutable_create_time() = rpc::ToProto(event.create_time);
  if (!event.payload_type.empty()) {
    proto.mutable_payload()->set_type_url(absl::StrCat("type.googleapis.com/", event.payload_type));
    proto.mutable_payload()->set_value(event.payload);
  }
  return proto;
}

}  // namespace countersign::event_api
