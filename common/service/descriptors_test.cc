#include "common/service/descriptors.h"

#include <sys/resource.h>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace countersign::service {
namespace {

using ::countersign::testing::HasReason;

TEST(DescriptorsTest, RaisesTheSoftLimitAndRefusesWhatIsTooLittle) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low = {256, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  ASSERT_OK_AND_ASSIGN(const int64_t limit, RaiseDescriptorLimit(/*min=*/257));
  EXPECT_EQ(limit, static_cast<int64_t>(std::min<rlim_t>(before.rlim_max, kEnoughDescriptors)));
  rlimit after = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(static_cast<int64_t>(after.rlim_cur), limit);
  EXPECT_THAT(RaiseDescriptorLimit(limit + 1), HasReason("DESCRIPTOR_LIMIT"));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace countersign::service
