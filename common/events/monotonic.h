// Time since an arbitrary start that no clock adjustment moves: what leases and pauses are measured with.
#ifndef COUNTERSIGN_COMMON_EVENTS_MONOTONIC_H_
#define COUNTERSIGN_COMMON_EVENTS_MONOTONIC_H_

#include <chrono>
#include <functional>

#include "absl/time/time.h"

namespace countersign::events {

inline absl::Duration MonotonicNow() { return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch()); }

// MonotonicNow, or a test's own. Safe to call from any thread.
using MonotonicClock = std::function<absl::Duration()>;

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_MONOTONIC_H_
