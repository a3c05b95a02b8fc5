#include "common/rpc/quota.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/status.h"

namespace countersign::rpc {

absl::Status QuotaBuckets::Take(const std::string& caller, const Quota& quota) {
  using std::chrono::nanoseconds;
  const nanoseconds per_token = nanoseconds(std::chrono::seconds(1)) / quota.calls_per_second;
  const nanoseconds capacity = per_token * quota.burst;

  absl::MutexLock lock(&mutex_);
  const TimePoint now = now_();
  if (full_at_.size() >= max_callers_ && !full_at_.contains(caller)) MakeRoom(now);
  TimePoint& full_at = full_at_[caller];
  const TimePoint after = std::max(full_at, now) + per_token;
  const nanoseconds wait = after - now - capacity;
  if (wait > nanoseconds::zero()) {
    const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    return Error(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED",
                 absl::StrCat("The caller may make ", quota.calls_per_second, " calls per second, ", quota.burst,
                              " at once. Try again in ", wait_ms, " ms."),
                 {{kRetryDelayMetadata, absl::StrCat(wait_ms)}});
  }
  full_at = after;
  return absl::OkStatus();
}

void QuotaBuckets::MakeRoom(TimePoint now) {
  absl::erase_if(full_at_, [now](const auto& bucket) { return bucket.second <= now; });
  // So many callers at once that all are busy: let some begin anew rather than grow without bound.
  while (full_at_.size() >= max_callers_) full_at_.erase(full_at_.begin());
}

}  // namespace countersign::rpc
