#include "common/events/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"

namespace countersign::events {
namespace {

TEST(CrewTest, RunsEveryIndexOnceAndReturnsAfterTheLast) {
  Crew crew(3);
  for (const size_t count : {0, 1, 2, 100}) {
    std::vector<std::atomic<int>> runs(count);
    crew.Run(count, [&](size_t index) { ++runs[index]; });
    for (const std::atomic<int>& run : runs) EXPECT_EQ(run, 1);
  }
}

TEST(CrewTest, RunsAsManyAtOnceAsItHasHelpersAndTheCaller) {
  Crew crew(3);
  auto* const all_here = new absl::Barrier(4);  // Nobody passes before all four are there.
  crew.Run(4, [&](size_t) {
    if (all_here->Block()) delete all_here;
  });
}

TEST(CrewTest, ServesSeveralCallersAtOnce) {
  Crew crew(2);
  std::atomic<int> runs = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) crew.Run(5, [&](size_t) { ++runs; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(runs, 4 * 50 * 5);
}

}  // namespace
}  // namespace countersign::events
