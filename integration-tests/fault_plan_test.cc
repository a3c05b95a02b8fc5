#include "integration-tests/fault_plan.h"

#include <set>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::integration {
namespace {

std::string TextOf(const PlanOptions& options) {
  std::string text;
  for (const Round& round : MakePlan(options)) {
    for (const Fault& fault : round) text += ToString(fault) + "\n";
  }
  return text;
}

TEST(FaultPlanTest, TheSameSeedGivesTheSameScheduleAndAnotherSeedAnother) {
  EXPECT_EQ(TextOf({.seed = 7}), TextOf({.seed = 7}));
  EXPECT_NE(TextOf({.seed = 7}), TextOf({.seed = 8}));
}

TEST(FaultPlanTest, TwoHundredFaultsHaveEveryKind) {
  std::set<FaultKind> kinds;
  size_t faults = 0;
  for (const Round& round : MakePlan({.rounds = 40})) {
    for (const Fault& fault : round) kinds.insert(fault.kind);
    faults += round.size();
  }
  EXPECT_EQ(faults, 200);
  EXPECT_EQ(kinds.size(), 13);
}

TEST(FaultPlanTest, RollingRestartsMeetEveryReplicaOnceInEight) {
  std::set<std::pair<uint64_t, uint64_t>> met;
  for (const Round& round : MakePlan({.rounds = 8, .only_restarts = true})) {
    ASSERT_EQ(round.size(), 1);
    met.insert({round[0].target % 4, round[0].replica});
  }
  EXPECT_EQ(met.size(), 8);
}

TEST(FaultPlanTest, ADatabaseThatIsNotOursIsLeftAlone) {
  for (const Round& round : MakePlan({.with_database = false})) {
    for (const Fault& fault : round) {
      EXPECT_THAT(NameOf(fault.kind), ::testing::AnyOf("kill", "stop", "restart", "cut", "silence", "delay",
                                                       "lose commits", "kill sessions", "clock", "kill processor"));
    }
  }
}

}  // namespace
}  // namespace countersign::integration
