// How many wrong links one client may try. It limits the client's address and never a link: a link's id is no secret,
// so whoever knows it could otherwise lock its customer out.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_GUESS_LIMITER_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_GUESS_LIMITER_H_

#include <cstddef>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace countersign::link {

// A token bucket for each address, in memory. An IPv6 address counts by its first 64 bits, which one client owns as a
// whole. Thread-safe. `now` is real time, never going back.
class GuessLimiter {
 public:
  static constexpr double kBurst = 60;                         // Wrong guesses at once …
  static constexpr absl::Duration kRefill = absl::Seconds(1);  // … and one more for each second.
  static constexpr size_t kMaxAddresses = 20'000;              // About 2 MB; beyond, it forgets.

  // Others than wrong links may be limited alike, to so many at once and one more in each `refill`.
  explicit GuessLimiter(double burst = kBurst, absl::Duration refill = kRefill) : burst_(burst), refill_(refill) {}

  // Whether a wrong link of this client is still told so; beyond, it is asked to wait.
  bool MayTry(absl::string_view address, absl::Time now);

  // The client's link was wrong.
  void CountWrong(absl::string_view address, absl::Time now);

 private:
  struct Bucket {
    double left = 0;
    absl::Time as_of;
  };
  double LeftAt(const Bucket& bucket, absl::Time now) const;
  void ForgetOld(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const double burst_;
  const absl::Duration refill_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);  // Only of those who guessed wrong.
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_GUESS_LIMITER_H_
