#include "order-service/src/store/partner_state_store.h"

#include "order-service/src/store/order_store_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::TestDeadline;

class PartnerStateStoreTest : public OrderStoreTest {};

TEST_F(PartnerStateStoreTest, APartnersStateIsTheSameInWhateverOrderItIsLearnt) {
  struct Step {
    PartnerState applied;
    PartnerState kept;
  };
  const Step steps[] = {{PartnerState::Of(2, true), {2, true, 0}},  {PartnerState::Of(6, false), {6, false, 6}},
                        {PartnerState::Of(3, true), {6, false, 6}}, {PartnerState::Of(9, true), {9, true, 6}},
                        {PartnerState::Of(8, false), {9, true, 8}}, {PartnerState::Of(7, false), {9, true, 8}}};
  for (const Step& step : steps) {
    Apply(step.applied);
    EXPECT_EQ(*states_.Known(TestDeadline(), TestId("partner")), step.kept) << step.applied.version;
  }
}

TEST_F(PartnerStateStoreTest, NothingIsKnownOfAPartnerAtFirst) {
  EXPECT_EQ(*states_.Known(TestDeadline(), TestId("partner")), PartnerState{});
}

TEST_F(PartnerStateStoreTest, TakesOverAStateWithoutAnyOtherChange) {
  ASSERT_OK(states_.TakeOverNow(TestDeadline(), {TestId("partner"), PartnerState::Of(4, false), "papers"}));
  EXPECT_EQ(*states_.Known(TestDeadline(), TestId("partner")), PartnerState::Of(4, false));
}

}  // namespace
}  // namespace countersign::order
