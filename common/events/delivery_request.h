// The request in which a consumer hands an event to another service.
#ifndef COUNTERSIGN_COMMON_EVENTS_DELIVERY_REQUEST_H_
#define COUNTERSIGN_COMMON_EVENTS_DELIVERY_REQUEST_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"

namespace countersign::events {

// Its request_id: the same however often the event is delivered, so that the receiver answers as it did. The event's
// time tells it from an event of the same version that a restore took away. `form` is that of the request: another one,
// when the request gains fields, makes an event that is delivered again a new request.
inline std::string DeliveryRequestId(absl::string_view consumer, const Event& event, absl::string_view form = "1") {
  return Uuid::Derived({consumer, event.aggregate.bytes(), absl::StrCat(event.version),
                        absl::StrCat(absl::ToUnixMicros(event.create_time)), form})
      .ToString();
}

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_DELIVERY_REQUEST_H_
