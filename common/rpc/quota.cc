#include "common/rpc/quota.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"

namespace countersign::rpc {

absl::StatusOr<QuotaBuckets::TimePoint> QuotaBuckets::After(TimePoint full_at, TimePoint now, const Quota& quota) {
  using std::chrono::nanoseconds;
  const nanoseconds per_token = nanoseconds(std::chrono::seconds(1)) / quota.calls_per_second;
  const nanoseconds capacity = per_token * quota.burst;
  const TimePoint after = std::max(full_at, now) + per_token;
  const nanoseconds wait = after - now - capacity;
  if (wait > nanoseconds::zero()) {
    const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    return Error(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED",
                 absl::StrCat("The caller may make ", quota.calls_per_second, " calls per second, ", quota.burst,
                              " at once. Try again in ", wait_ms, " ms."),
                 {{kRetryDelayMetadata, absl::StrCat(wait_ms)}});
  }
  return after;
}

absl::Status QuotaBuckets::Take(const std::string& caller, const Quota& quota) {
  absl::MutexLock lock(&mutex_);
  const TimePoint now = now_();
  if (full_at_.size() >= max_callers_ && !full_at_.contains(caller)) MakeRoom(now);
  TimePoint& full_at = full_at_[caller];
  ASSIGN_OR_RETURN(full_at, After(full_at, now, quota));
  return absl::OkStatus();
}

absl::Status QuotaBuckets::Check(const std::string& caller, const Quota& quota) {
  absl::MutexLock lock(&mutex_);
  const auto bucket = full_at_.find(caller);
  return bucket == full_at_.end() ? absl::OkStatus() : After(bucket->second, now_(), quota).status();
}

void QuotaBuckets::MakeRoom(TimePoint now) {
  absl::erase_if(full_at_, [now](const auto& bucket) { return bucket.second <= now; });
  // So many callers at once that all are busy: let some begin anew rather than grow without bound.
  while (full_at_.size() >= max_callers_) full_at_.erase(full_at_.begin());
}

}  // namespace countersign::rpc
