// One service's clock is an hour off, either way, and the main job goes through all the same: each decision takes one
// clock, its owner's.
#include <string>
#include <tuple>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::HasSubstr;

class ClocksTest : public SuiteTest, public ::testing::WithParamInterface<std::tuple<Service, int>> {
 protected:
  static void StartWithClock(Service service, absl::Duration ahead) {
    suite().Kill(service);
    suite().SetClock(service, 0, ahead);
    const absl::Status started = suite().StartService(service);
    ASSERT_TRUE(started.ok()) << started;
  }
};

TEST_P(ClocksTest, TheMainJobGoesThrough) {
  const auto [service, hours] = GetParam();
  ASSERT_NO_FATAL_FAILURE(StartWithClock(service, absl::Hours(hours)));
  const absl::Cleanup restore = [service = service] { StartWithClock(service, absl::ZeroDuration()); };
  Story story(suite());
  const absl::Status told = story.Run();
  ASSERT_TRUE(told.ok()) << told;
  EXPECT_EQ(story.fee.amount().units(), 45);
  ProveInvariants();
}

INSTANTIATE_TEST_SUITE_P(OfEachServiceAnHourOff, ClocksTest,
                         ::testing::Combine(::testing::ValuesIn(kServices), ::testing::Values(-1, 1)),
                         [](const auto& info) {
                           return absl::StrCat(NameOf(std::get<0>(info.param)),
                                               std::get<1>(info.param) > 0 ? "Ahead" : "Behind");
                         });

class ClockOfExpiryTest : public ClocksTest {};

// 31 days and an hour after the others' time: by this clock alone the order would have expired.
TEST_F(ClockOfExpiryTest, ALinkIsNotLateByTheClockOfThePage) {
  ASSERT_NO_FATAL_FAILURE(StartWithClock(Service::kLink, absl::Hours(31 * 24 + 1)));
  const absl::Cleanup restore = [] { StartWithClock(Service::kLink, absl::ZeroDuration()); };
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  EXPECT_THAT(story.page, HasSubstr("Confirm order"));
  const absl::Status confirmed = story.Confirm();
  EXPECT_TRUE(confirmed.ok()) << confirmed;
  EXPECT_TRUE(story.AwaitCompleted().ok());
  ProveInvariants();
}

}  // namespace
}  // namespace countersign::integration
