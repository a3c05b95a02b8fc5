// How often one caller may call: a token bucket for each, filled at its role's rate.
#ifndef COUNTERSIGN_COMMON_RPC_QUOTA_H_
#define COUNTERSIGN_COMMON_RPC_QUOTA_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace countersign::rpc {

// How often one caller may call.
struct Quota {
  int calls_per_second = 0;  // 1 to 1,000,000
  int burst = 0;             // 1 to 1,000,000 calls at once, after a rest.
};

// The buckets of one process: each replica of a service counts for itself. Thread-safe.
class QuotaBuckets {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Keeps at most `max_callers` buckets; a full one needs none.
  explicit QuotaBuckets(std::function<TimePoint()> now = std::chrono::steady_clock::now, size_t max_callers = 10'000)
      : now_(std::move(now)), max_callers_(max_callers) {}

  // Takes one token of `caller`. Error: RESOURCE_EXHAUSTED QUOTA_EXCEEDED, which says when there is one again
  // (kRetryDelayMetadata in status.h).
  absl::Status Take(const std::string& caller, const Quota& quota);

  // Whether Take would give one now. Errors: those of Take.
  absl::Status Check(const std::string& caller, const Quota& quota);

 private:
  // When the bucket will be full again after one more token. Errors: those of Take.
  static absl::StatusOr<TimePoint> After(TimePoint full_at, TimePoint now, const Quota& quota);
  void MakeRoom(TimePoint now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::function<TimePoint()> now_;
  const size_t max_callers_;
  absl::Mutex mutex_;
  // When each caller's bucket will be full again, by the caller's name. It says how many tokens are missing now.
  absl::flat_hash_map<std::string, TimePoint> full_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_QUOTA_H_
