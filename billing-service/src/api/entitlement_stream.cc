#include "billing-service/src/api/entitlement_stream.h"

namespace countersign::billing {

void EntitlementStream::Take(std::vector<event_api::FeedItem> items) {
  if (!Hold()) return;
  events_ = std::move(items);
  work_(this);
}

std::vector<event_api::FeedItem> EntitlementStream::Events() {
  std::vector<event_api::FeedItem> events = std::exchange(events_, {});
  if (has_ended()) events.clear();
  return events;
}

void EntitlementStream::Worked(absl::StatusOr<std::vector<v1::EntitlementChange>> changes) {
  if (!changes.ok()) {
    End(changes.status());
  } else if (changes->empty()) {
    pump().Ready(this);
  } else {
    Write(*std::move(changes));
  }
  Release();
}

}  // namespace countersign::billing
