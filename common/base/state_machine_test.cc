#include "common/base/state_machine.h"

#include "gtest/gtest.h"

namespace countersign {
namespace {

enum class Light { kRed, kGreen };

constexpr Named<Light> kLights[] = {{Light::kRed, "RED"}, {Light::kGreen, "GREEN"}};
constexpr Edge<Light> kLightEdges[] = {{Light::kRed, Light::kGreen}};

TEST(StateMachineTest, AllowsTheEdgesOfItsTable) {
  EXPECT_TRUE(CheckEdge(kLights, kLightEdges, "light", Light::kRed, Light::kGreen).ok());
}

TEST(StateMachineTest, RefusesEveryOtherEdgeAndNamesBothStates) {
  const absl::Status refused = CheckEdge(kLights, kLightEdges, "light", Light::kGreen, Light::kRed);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_EQ(refused.message(), "The light is GREEN and cannot become RED.");
  EXPECT_EQ(DetailsOf(refused).reason, "LIGHT_STATE");
  EXPECT_EQ(DetailsOf(refused).metadata, (ErrorMetadata{{"state", "GREEN"}, {"target", "RED"}}));
}

TEST(StateMachineTest, SaysThatAStateIsThatAlready) {
  const absl::Status refused = CheckEdge(kLights, kLightEdges, "light", Light::kRed, Light::kRed);
  EXPECT_EQ(refused.message(), "The light is RED already.");
  EXPECT_EQ(DetailsOf(refused).metadata, (ErrorMetadata{{"state", "RED"}, {"target", "RED"}}));
}

}  // namespace
}  // namespace countersign
