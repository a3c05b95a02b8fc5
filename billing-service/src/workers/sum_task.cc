#include "billing-service/src/workers/sum_task.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/error.h"

namespace countersign::billing {
namespace {

// 5,000 transactions of a bucket at a time; the next run goes on.
constexpr int kBatches = 20;

absl::Status SumBucket(const PostedSumStore& sums, int bucket, absl::Time deadline) {
  for (int batch = 0; batch < kBatches; ++batch) {
    const absl::StatusOr<int64_t> added = sums.AddUnsummed(deadline, bucket);
    if (IsLostRace(added.status())) return absl::OkStatus();  // Another replica is at it.
    if (!added.ok()) return added.status();
    if (*added < PostedSumStore::kMaxSummed) break;
  }
  return absl::OkStatus();
}

}  // namespace

events::BucketTask SumTask(const PostedSumStore& sums) {
  return {.name = "sums",
          .interval = absl::Seconds(30),
          .run = [&](int bucket, absl::Time deadline) { return SumBucket(sums, bucket, deadline); },
          .by_business_clock = false,
          .due = [&](absl::Time deadline) { return sums.ListUnsummedBuckets(deadline); },
          .runs_only_when_due = true};
}

}  // namespace countersign::billing
