// Classifies a receiver's answer to a delivery: try again later, or park.
#ifndef COUNTERSIGN_COMMON_EVENTS_DELIVERY_ANSWER_H_
#define COUNTERSIGN_COMMON_EVENTS_DELIVERY_ANSWER_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace countersign::events {

// The receiver is down or overloaded: everything waits, not only this event.
bool IsDown(const absl::Status& status);

// The event is refused for good: trying again without an operator is useless.
bool IsRefused(const absl::Status& status);

// How long a bucket waits after the given number of answers in a row that the receiver is down: 0.1 s, doubled by
// each, at most 2 s.
absl::Duration BackoffAfter(int failures);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_DELIVERY_ANSWER_H_
