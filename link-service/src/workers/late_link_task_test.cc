// A link that should have ended, and of which nobody told the end.
#include "link-service/src/workers/late_link_task.h"

#include <string>

#include "countersign/link/v1/link.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "gmock/gmock.h"
#include "link-service/src/api/api_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::TestDeadline;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LateLinkTaskTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    link_ = Issue().link().name();
  }

  // Whether a turn of the worker on every bucket that is due went well.
  bool Work() {
    const absl::StatusOr<std::vector<int>> due = task_.due(TestDeadline());
    EXPECT_OK(due);
    bool well = due.ok();
    for (const int bucket : due.value_or(std::vector<int>())) well &= task_.run(bucket, TestDeadline()).ok();
    return well;
  }
  std::vector<int> Due() { return task_.due(TestDeadline()).value_or(std::vector<int>()); }
  v1::Link::State State() { return GetLink(link_).value_or(v1::Link()).state(); }

  void OrderSays(order::v1::Order::State state, const std::string& link) {
    order::v1::Order order;
    order.set_state(state);
    order.set_link(link);
    order.set_etag("5");
    orders_.Answer(order);
  }

  std::string link_;
  const events::BucketTask task_ = LateLinkTask(links_, orders_, committer_, clock_);
};

TEST_F(LateLinkTaskTest, EndsALinkThatNoOrderNames) {
  OrderSays(order::v1::Order::STATE_AWAITING_CONFIRMATION, "links/" + NewRequestId());
  clock_.Advance(absl::Hours(31 * 24));
  EXPECT_THAT(Due(), IsEmpty()) << "order-service has a day to tell it";
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Due(), SizeIs(1));
  EXPECT_TRUE(Work());
  EXPECT_EQ(State(), v1::Link::STATE_SUPERSEDED);
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_THAT(EventTypes(), ::testing::ElementsAre("LINK_ISSUED", "LINK_SUPERSEDED"));
}

TEST_F(LateLinkTaskTest, TakesOverWhatTheOrderSays) {
  clock_.Advance(absl::Hours(32 * 24));
  OrderSays(order::v1::Order::STATE_AWAITING_CONFIRMATION, link_);
  EXPECT_TRUE(Work());
  EXPECT_EQ(State(), v1::Link::STATE_ACTIVE) << "the order still waits";
  orders_.Answer(absl::UnavailableError("down"));
  EXPECT_FALSE(Work());
  EXPECT_EQ(State(), v1::Link::STATE_ACTIVE);
  OrderSays(order::v1::Order::STATE_EXPIRED, link_);
  EXPECT_TRUE(Work());
  EXPECT_EQ(State(), v1::Link::STATE_EXPIRED);
}

}  // namespace
}  // namespace countersign::link
