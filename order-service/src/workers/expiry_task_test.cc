// An order that nobody answered in time expires.
#include "order-service/src/workers/expiry_task.h"

#include <memory>
#include <thread>

#include "countersign/link/v1/link.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

using link::v1::Link;

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::Pair;

class ExpiryTaskTest : public ApiTest {
 protected:
  // One turn of the worker on every bucket; how many failed.
  int Expire() {
    int failed = 0;
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) failed += task_.run(bucket, TestDeadline()).ok() ? 0 : 1;
    return failed;
  }

  const OrderStore orders_{database_->database()};
  const events::BucketTask task_ = ExpiryTask(orders_, committer_, clock_);
  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "order-service@test"}, parts_.consumers(), /*tasks=*/{});
};

TEST_F(ExpiryTaskTest, ExpiresWhatNobodyAnswered) {
  const v1::Order waiting = WaitingOrder().order();
  clock_.Advance(absl::Hours(1));
  const v1::Order later = WaitingOrder().order();
  clock_.Advance(absl::Hours(30 * 24 - 1));
  EXPECT_EQ(Expire(), 0);
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_EXPIRED);
  EXPECT_EQ(Read(later).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  EXPECT_THAT(links_.outcomes, ElementsAre(Pair(waiting.link(), Link::STATE_EXPIRED)));
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("ORDER_EXPIRED"));
  EXPECT_OK(Call(&Stub::ReviseOrder, ReviseRequest(waiting)));
}

TEST_F(ExpiryTaskTest, AnExtendedOrderExpiresAtItsNewTime) {
  const v1::Order waiting = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ExtendExpiry, ExtendRequest(waiting, absl::Hours(60 * 24))));
  clock_.Advance(absl::Hours(60 * 24) - absl::Seconds(1));
  EXPECT_EQ(Expire(), 0);
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Expire(), 0);
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_EXPIRED);
}

// The worker and the partner meet at the very end: what the order's next version says stands, and the link follows it.
TEST_F(ExpiryTaskTest, AnExtensionAgainstTheExpiryHasOneOutcome) {
  for (int i = 0; i < 20 && !HasFailure(); ++i) {
    const v1::Order waiting = WaitingOrder().order();
    const v1::ExtendExpiryRequest request = ExtendRequest(waiting, absl::Hours(60 * 24));
    clock_.Advance(absl::Hours(30 * 24) - absl::Seconds(1));
    absl::Status extended;
    std::thread partner([&] { extended = Call(&Stub::ExtendExpiry, request).status(); });
    clock_.Advance(absl::Seconds(1));
    EXPECT_EQ(Expire(), 0);
    partner.join();
    ASSERT_OK(relay_->Drain(TestDeadline()));
    const bool expired = Read(waiting).state() == v1::Order::STATE_EXPIRED;
    EXPECT_EQ(expired, !extended.ok()) << extended;
    EXPECT_EQ(links_.outcomes.contains(waiting.link()), expired);
    EXPECT_EQ(links_.expiries.contains(waiting.link()), !expired);
  }
}

TEST_F(ExpiryTaskTest, AnOrderThatCannotBeReadKeepsNoOtherFromExpiring) {
  WaitingOrder();
  clock_.Advance(absl::Hours(1));
  const v1::Order later = WaitingOrder().order();
  database_->Execute("UPDATE orders SET order_lines = 'x' ORDER BY submit_time LIMIT 1");
  clock_.Advance(absl::Hours(31 * 24));
  EXPECT_EQ(Expire(), 1);
  EXPECT_EQ(Read(later).state(), v1::Order::STATE_EXPIRED);
}

}  // namespace
}  // namespace countersign::order
