#include "common/events/committer.h"

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "common/base/error.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kMaxPause = absl::Milliseconds(10);  // Between two attempts.

}  // namespace

absl::Status RunUntilNotLost(absl::Time deadline, absl::FunctionRef<absl::Status()> act) {
  thread_local absl::InsecureBitGen random;
  for (int attempt = 1;; ++attempt) {
    const absl::Status status = act();
    if (!IsLostRace(status) || attempt == kMaxAttempts || absl::Now() >= deadline) return status;
    absl::SleepFor(absl::Uniform(random, 0.0, 1.0) * kMaxPause);
  }
}

}  // namespace countersign::events
