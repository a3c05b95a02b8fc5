// The business clock of a sandbox, which operators may advance.
#ifndef COUNTERSIGN_COMMON_BASE_SANDBOX_CLOCK_H_
#define COUNTERSIGN_COMMON_BASE_SANDBOX_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace countersign {

// Real time plus an offset that may only grow. Thread-safe.
class SandboxClock final : public Clock {
 public:
  explicit SandboxClock(absl::Duration offset) : offset_micros_(absl::ToInt64Microseconds(offset)) {}
  absl::Time Now() const override {
    return absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()) + offset_micros_.load());
  }

  // A smaller offset than the clock has changes nothing.
  void RaiseOffset(absl::Duration offset) {
    const int64_t wanted = absl::ToInt64Microseconds(offset);
    int64_t known = offset_micros_.load();
    while (known < wanted && !offset_micros_.compare_exchange_weak(known, wanted)) {
    }
  }

 private:
  std::atomic<int64_t> offset_micros_;
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_SANDBOX_CLOCK_H_
