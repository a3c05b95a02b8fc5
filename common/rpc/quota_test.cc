#include "common/rpc/quota.h"

#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/status.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using std::chrono::milliseconds;

constexpr Quota kQuota = {.calls_per_second = 10, .burst = 3};

class QuotaTest : public ::testing::Test {
 protected:
  QuotaBuckets::TimePoint now_ = QuotaBuckets::TimePoint() + std::chrono::hours(1);
};

TEST_F(QuotaTest, AllowsABurstAndThenTheRate) {
  QuotaBuckets buckets([this] { return now_; });
  for (int i = 0; i < 3; ++i) EXPECT_OK(buckets.Take("operators/anna", kQuota)) << i;
  EXPECT_THAT(buckets.Take("operators/anna", kQuota), StatusIs(absl::StatusCode::kResourceExhausted));
  now_ += milliseconds(99);
  EXPECT_THAT(buckets.Take("operators/anna", kQuota), HasReason("QUOTA_EXCEEDED"));
  now_ += milliseconds(1);
  EXPECT_OK(buckets.Take("operators/anna", kQuota));
  EXPECT_THAT(buckets.Take("operators/anna", kQuota), HasReason("QUOTA_EXCEEDED"));
}

TEST_F(QuotaTest, SaysWhetherThereIsATokenWithoutTakingIt) {
  QuotaBuckets buckets([this] { return now_; });
  for (int i = 0; i < 10; ++i) EXPECT_OK(buckets.Check("operators/anna", kQuota));
  for (int i = 0; i < 3; ++i) EXPECT_OK(buckets.Take("operators/anna", kQuota)) << i;
  EXPECT_THAT(buckets.Check("operators/anna", kQuota), HasReason("QUOTA_EXCEEDED"));
  now_ += milliseconds(100);
  EXPECT_OK(buckets.Check("operators/anna", kQuota));
}

TEST_F(QuotaTest, SaysWhenThereIsATokenAgain) {
  QuotaBuckets buckets([this] { return now_; });
  for (int i = 0; i < 3; ++i) EXPECT_OK(buckets.Take("operators/anna", kQuota));
  now_ += milliseconds(30);
  const absl::Status refused = buckets.Take("operators/anna", kQuota);
  EXPECT_THAT(DetailsOf(refused).metadata, ::testing::Contains(::testing::Pair(kRetryDelayMetadata, "70")));
  now_ += milliseconds(70);
  EXPECT_OK(buckets.Take("operators/anna", kQuota));
}

TEST_F(QuotaTest, FillsNoMoreThanTheBurstInARest) {
  QuotaBuckets buckets([this] { return now_; });
  EXPECT_OK(buckets.Take("operators/anna", kQuota));
  now_ += std::chrono::hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_OK(buckets.Take("operators/anna", kQuota));
  EXPECT_THAT(buckets.Take("operators/anna", kQuota), HasReason("QUOTA_EXCEEDED"));
}

TEST_F(QuotaTest, CountsEachCallerForItself) {
  QuotaBuckets buckets([this] { return now_; });
  for (int i = 0; i < 4; ++i) buckets.Take("operators/anna", kQuota).IgnoreError();
  EXPECT_OK(buckets.Take("operators/berta", kQuota));
}

TEST_F(QuotaTest, KeepsNoMoreBucketsThanItMayAndForgetsFullOnesFirst) {
  QuotaBuckets buckets([this] { return now_; }, /*max_callers=*/10);
  for (int i = 0; i < 9; ++i) EXPECT_OK(buckets.Take(absl::StrCat("operators/", i), kQuota));
  now_ += std::chrono::seconds(1);  // Those nine are full again.
  for (int i = 0; i < 3; ++i) EXPECT_OK(buckets.Take("operators/anna", kQuota));
  EXPECT_OK(buckets.Take("operators/berta", kQuota));
  EXPECT_THAT(buckets.Take("operators/anna", kQuota), HasReason("QUOTA_EXCEEDED"));
  // A crowd never stops the rest from calling.
  for (int i = 0; i < 1000; ++i) EXPECT_OK(buckets.Take(absl::StrCat("operators/crowd-", i), kQuota));
}

}  // namespace
}  // namespace countersign::rpc
