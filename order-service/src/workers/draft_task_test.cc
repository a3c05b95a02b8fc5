// A draft that nobody touches is cancelled at last.
#include "order-service/src/workers/draft_task.h"

#include "countersign/order/v1/order.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DraftTaskTest : public ApiTest {
 protected:
  // One turn of the worker on every bucket.
  void Tidy() {
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) ASSERT_OK(task_.run(bucket, TestDeadline()));
  }

  const OrderStore orders_{database_->database()};
  const events::BucketTask task_ = DraftTask(orders_, committer_, clock_);
};

TEST_F(DraftTaskTest, CancelsADraftThatNobodyChangedForItsRetentionAndSaysWhy) {
  const v1::Order draft = CreateOrder();
  clock_.Advance(kDraftRetention);
  Tidy();
  EXPECT_EQ(Read(draft).state(), v1::Order::STATE_DRAFT);
  clock_.Advance(absl::Microseconds(1));
  Tidy();
  const v1::Order cancelled = Read(draft);
  EXPECT_EQ(cancelled.state(), v1::Order::STATE_CANCELLED);
  EXPECT_THAT(cancelled.state_reason(), HasSubstr("180 days"));
  EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED", "ORDER_CANCELLED"));
  Tidy();
  EXPECT_THAT(EventTypes(), SizeIs(2));
}

TEST_F(DraftTaskTest, LeavesWhatWaitsForItsCustomerAndADraftThatWasRevised) {
  const v1::Order waiting = WaitingOrder().order();
  clock_.Advance(absl::Hours(29 * 24));
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(waiting)));
  clock_.Advance(absl::Hours(170 * 24));
  Tidy();
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_DRAFT);
  clock_.Advance(absl::Hours(11 * 24));
  Tidy();
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_CANCELLED);
}

TEST_F(DraftTaskTest, IsDueOnlyWhereThereIsAnIdleDraft) {
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
    database_->Execute("INSERT INTO leases (bucket, owner, epoch, lease_until) VALUES (?, 'x', 1, '2030-01-01')",
                       {bucket});
  }
  CreateOrder();
  EXPECT_THAT(*task_.due(TestDeadline()), IsEmpty());
  clock_.Advance(kDraftRetention + absl::Microseconds(1));
  const Uuid tenant = *Uuid::Parse(partner_.substr(partner_.find('/') + 1));
  EXPECT_THAT(*task_.due(TestDeadline()), ElementsAre(events::BucketOf(tenant)));
}

}  // namespace
}  // namespace countersign::order
