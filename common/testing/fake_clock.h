// A clock that moves only when it is told to.
#ifndef COUNTERSIGN_COMMON_TESTING_FAKE_CLOCK_H_
#define COUNTERSIGN_COMMON_TESTING_FAKE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace countersign::testing {

// Thread-safe. Begins on 2009-06-01, 09:00 UTC.
class FakeClock final : public Clock {
 public:
  FakeClock() : FakeClock(absl::FromCivil(absl::CivilHour(2009, 6, 1, 9), absl::UTCTimeZone())) {}
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }

  void Set(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }

  void Advance(absl::Duration duration) {
    absl::MutexLock lock(&mutex_);
    now_ += duration;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_FAKE_CLOCK_H_
