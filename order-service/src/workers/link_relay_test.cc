// A link is told what became of its order. The real relay, in the test's own thread.
#include "order-service/src/workers/link_relay.h"

#include <memory>

#include "countersign/link/v1/link.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using link::v1::Link;

using ::countersign::testing::TestDeadline;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class LinkRelayTest : public ApiTest {
 protected:
  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "order-service@test"}, parts_.consumers(), /*tasks=*/{});
};

TEST_F(LinkRelayTest, TellsEachLinkWhatBecameOfItsOrder) {
  const v1::Order confirmed = ConfirmedOrder();
  const v1::Order declined = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::DeclineOrder, DeclineRequest(declined), kLinkService));
  const v1::Order cancelled = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(cancelled)));
  const v1::Order revised = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(revised)));
  const v1::Order reissued = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ReissueLink, ReissueRequest(reissued)));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_THAT(
      links_.outcomes,
      UnorderedElementsAre(Pair(confirmed.link(), Link::STATE_CONFIRMED), Pair(declined.link(), Link::STATE_DECLINED),
                           Pair(cancelled.link(), Link::STATE_REVOKED), Pair(revised.link(), Link::STATE_SUPERSEDED),
                           Pair(reissued.link(), Link::STATE_SUPERSEDED)));
}

TEST_F(LinkRelayTest, TellsALinkThatItsOrderHasMoreTime) {
  const v1::Order waiting = WaitingOrder().order();
  const v1::ExtendExpiryRequest request = ExtendRequest(waiting, absl::Hours(60 * 24));
  ASSERT_OK(Call(&Stub::ExtendExpiry, request));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_THAT(links_.expiries, UnorderedElementsAre(Pair(waiting.link(), request.expire_time().seconds())));
  EXPECT_THAT(links_.outcomes, IsEmpty());
}

TEST_F(LinkRelayTest, ADraftHasNoLinkToTellOf) {
  const v1::Order draft = CreateOrder();
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(draft)));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(draft)));
  ApplyPartnerState(4, false);
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_THAT(links_.outcomes, IsEmpty());
}

TEST_F(LinkRelayTest, NoConfirmationIsGivenUpAndOfOutcomesNoOther) {
  EXPECT_TRUE(relay_->MustArrive("link", "ORDER_CONFIRMED"));
  for (const char* type : {"ORDER_DECLINED", "ORDER_EXPIRED", "ORDER_CANCELLED", "ORDER_REVISED", "LINK_REISSUED"}) {
    EXPECT_FALSE(relay_->MustArrive("link", type)) << type;
  }
}

TEST_F(LinkRelayTest, IgnoresWhatOperatorsDoWithDeliveries) {
  for (const events::Event& event : testing::DeliveryEvents()) {
    EXPECT_OK(LinkConsumer(links_).deliver(event, TestDeadline()));
  }
  EXPECT_THAT(links_.outcomes, IsEmpty());
}

}  // namespace
}  // namespace countersign::order
