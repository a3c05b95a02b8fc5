#include "billing-service/src/domain/transfer_code.h"

#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;

const absl::Time kMorning = StartOf(Date(2009, 6, 1)) + absl::Hours(9);

TransferCode SomeCode() {
  Subscription subscription;
  subscription.id = Uuid::Derived({"suite"});
  subscription.account = Uuid::Derived({"account"});
  return *NewTransferCodeOf(subscription, Uuid::Derived({"code"}), kMorning);
}

TEST(TransferCodeDomainTest, IsGoodForThirtyDays) {
  const TransferCode code = SomeCode();
  EXPECT_OK(CheckGood(code, kMorning + absl::Hours(24 * 30) - absl::Seconds(1)));
  EXPECT_THAT(CheckGood(code, kMorning + absl::Hours(24 * 30)), HasReason("TRANSFER_CODE_EXPIRED"));
}

TEST(TransferCodeDomainTest, IsUsedOnceAndByTheSubscriptionsOrderOnly) {
  TransferCode code = SomeCode();
  const OrderReference order = {Uuid::Derived({"B"}), Uuid::Derived({"order"})};
  EXPECT_THAT(Use(code, order, Uuid::Derived({"another"}), kMorning), HasReason("TRANSFER_CODE_NOT_FOUND"));
  // Confirmed after the code has expired: it was good at Submit.
  EXPECT_OK(Use(code, order, code.subscription, kMorning + absl::Hours(24 * 40)));
  EXPECT_EQ(code.order, order);
  EXPECT_EQ(code.version, 2);
  EXPECT_THAT(Use(code, order, code.subscription, kMorning), HasReason("TRANSFER_CODE_USED"));
  EXPECT_THAT(CheckGood(code, kMorning), HasReason("TRANSFER_CODE_USED"));
}

TEST(TransferCodeDomainTest, NoneIsMadeForASubscriptionThatHasEnded) {
  Subscription ended;
  ended.state = SubscriptionState::kCancelled;
  EXPECT_THAT(NewTransferCodeOf(ended, Uuid::Derived({"code"}), kMorning), HasReason("SUBSCRIPTION_STATE"));
}

}  // namespace
}  // namespace countersign::billing
