// One stream of WatchEvents.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_WATCHER_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_WATCHER_H_

#include <string>
#include <vector>

#include "common/event_api/event_pump.h"
#include "common/event_api/feed_stream.h"
#include "common/events/change.h"
#include "countersign/event/v1/event.pb.h"

namespace countersign::event_api {

// Each event goes out as it is: at most kFeedBatch wait.
class EventWatcher final : public FeedStream<event::v1::Event> {
 public:
  using FeedStream::FeedStream;

  void Take(std::vector<FeedItem> items) override;
};

// The event as callers see it.
event::v1::Event ToProto(const events::Event& event, std::string position);

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_WATCHER_H_
