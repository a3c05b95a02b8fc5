// The business clock, injected wherever a rule depends on the time. Leases, deadlines and TLS use real time instead.
#ifndef COUNTERSIGN_COMMON_BASE_CLOCK_H_
#define COUNTERSIGN_COMMON_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace countersign {

class Clock {
 public:
  virtual ~Clock() = default;
  // The business time, truncated to microseconds (what DATETIME(6) keeps). Safe to call from any thread.
  virtual absl::Time Now() const = 0;
};

// Real time plus a fixed offset: a sandbox may live in 2009.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(absl::Duration offset = absl::ZeroDuration()) : offset_(offset) {}
  absl::Time Now() const override { return absl::FromUnixMicros(absl::ToUnixMicros(absl::Now() + offset_)); }

 private:
  const absl::Duration offset_;
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_CLOCK_H_
