#include "common/base/clock.h"

#include "gtest/gtest.h"

namespace countersign {
namespace {

TEST(SystemClockTest, LivesAtItsOffsetInWholeMicroseconds) {
  const absl::Time before = absl::Now();
  const absl::Time now = SystemClock(absl::Hours(-24)).Now();
  const absl::Time after = absl::Now();
  EXPECT_GE(now, before - absl::Hours(24) - absl::Microseconds(1));
  EXPECT_LE(now, after - absl::Hours(24));
  EXPECT_EQ(now, absl::FromUnixMicros(absl::ToUnixMicros(now)));
}

}  // namespace
}  // namespace countersign
