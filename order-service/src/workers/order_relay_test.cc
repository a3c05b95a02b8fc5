// What follows from an order's events: activation, the links' states, expiry. The real relay, in the test's own thread.
#include <memory>
#include <optional>
#include <string>

#include "common/events/held_delivery.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"
#include "order-service/src/workers/billing_relay.h"
#include "order-service/src/workers/expiry_task.h"
#include "order-service/src/workers/link_relay.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using link::v1::Link;

class OrderRelayTest : public ApiTest {
 protected:
  v1::Order ConfirmedOrder() {
    const auto order = Call(&Stub::ConfirmOrder, ConfirmRequest(WaitingOrder().order()), kLinkService);
    EXPECT_OK(order);
    billing_.requests.clear();  // Of Submit.
    return order.value_or(v1::Order());
  }

  // Runs the expiry task over all buckets.
  void Expire() {
    const events::BucketTask task = ExpiryTask(orders_, clock_);
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) EXPECT_OK(task.run(bucket, TestDeadline()));
  }

  std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "order-service@test"},
                        {BillingConsumer(orders_, billing_, clock_), LinkConsumer(links_)}, /*tasks=*/{});
};

TEST_F(OrderRelayTest, ActivatesAConfirmedOrder) {
  const v1::Order confirmed = ConfirmedOrder();
  clock_.Advance(absl::Hours(2));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  ASSERT_EQ(billing_.requests.size(), 1);
  const billing::v1::ActivateOrderRequest& asked = billing_.requests[0];
  EXPECT_FALSE(asked.validate_only());
  EXPECT_EQ(asked.order(), confirmed.name());
  EXPECT_EQ(asked.revision(), 1);
  EXPECT_EQ(asked.billing_account(), confirmed.billing_account());
  EXPECT_EQ(asked.partner_of_record(), partner_);
  EXPECT_EQ(asked.lines(0).offer_title(), "BPOS Standard Suite");
  EXPECT_EQ(asked.lines(0).quantity(), 25);
  EXPECT_EQ(asked.start_date().day(), 1);
  EXPECT_EQ(asked.confirm_time().seconds(), confirmed.confirm_time().seconds());
  EXPECT_EQ(asked.company_name(), "Fabrikam, Inc.");
  EXPECT_EQ(asked.billing_address().address_lines(0), "1 Fabrikam Way");
  EXPECT_EQ(asked.purchase_order_number(), "PO-17");
  const v1::Order completed = Read(confirmed);
  EXPECT_EQ(completed.state(), v1::Order::STATE_COMPLETED);
  EXPECT_THAT(completed.subscriptions(),
              ElementsAre(::testing::StartsWith(confirmed.billing_account() + "/subscriptions/")));
  EXPECT_EQ(EventTypes().back(), "ORDER_COMPLETED");
}

TEST_F(OrderRelayTest, ACompletedOrderIsStillTheFirstConfirmation) {
  const v1::Order confirmed = ConfirmedOrder();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  ASSERT_OK_AND_ASSIGN(const v1::Order again, Call(&Stub::ConfirmOrder, ConfirmRequest(confirmed), kLinkService));
  EXPECT_EQ(again.state(), v1::Order::STATE_COMPLETED);
}

TEST_F(OrderRelayTest, DeliveringAgainActivatesNothingTwice) {
  ConfirmedOrder();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  ASSERT_OK(relay_->Redeliver(TestDeadline(), "billing", absl::UnixEpoch()));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(billing_.requests.size(), 1);
}

TEST_F(OrderRelayTest, AnActivationThatWasAnsweredButNotWrittenIsAskedForWithTheSameRequestId) {
  const v1::Order confirmed = ConfirmedOrder();
  const auto rows =
      database_->Query("SELECT tenant_id, aggregate_id, version FROM events WHERE type = 'ORDER_CONFIRMED'");
  events::Event event;
  event.tenant = rows.at(0).Id(0);
  event.aggregate = rows.at(0).Id(1);
  event.version = rows.at(0).Int(2);
  event.type = "ORDER_CONFIRMED";
  database_->Execute("ALTER TABLE orders ADD CONSTRAINT died CHECK (state = 'CONFIRMED')");
  const events::Consumer consumer = BillingConsumer(orders_, billing_, clock_);
  EXPECT_FALSE(consumer.deliver(event, TestDeadline()).ok());
  database_->Execute("ALTER TABLE orders DROP CONSTRAINT died");
  clock_.Advance(absl::Hours(1));
  EXPECT_OK(consumer.deliver(event, TestDeadline()));
  ASSERT_EQ(billing_.requests.size(), 2);
  EXPECT_EQ(billing_.requests[0].SerializeAsString(), billing_.requests[1].SerializeAsString());
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_COMPLETED);
}

TEST_F(OrderRelayTest, AnActivationThatIsRefusedForGoodIsParked) {
  const v1::Order confirmed = ConfirmedOrder();
  billing_.failure = FailedPrecondition("CURRENCY_MISMATCH", "the account has another currency");
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_CONFIRMED);
  ASSERT_OK_AND_ASSIGN(const auto held, events::ListHeld(database_->database(), TestDeadline(), {.size = 10}));
  ASSERT_EQ(held.items.size(), 1);
  EXPECT_TRUE(held.items[0].parked);
  EXPECT_EQ(held.items[0].consumer, "billing");
}

TEST_F(OrderRelayTest, NoConfirmationIsGivenUpAndOfOutcomesNoOther) {
  EXPECT_TRUE(relay_->MustArrive("billing", "ORDER_CONFIRMED"));
  EXPECT_TRUE(relay_->MustArrive("link", "ORDER_CONFIRMED"));
  for (const char* type : {"ORDER_DECLINED", "ORDER_EXPIRED", "ORDER_CANCELLED", "ORDER_REVISED", "LINK_REISSUED"}) {
    EXPECT_FALSE(relay_->MustArrive("link", type)) << type;
  }
  EXPECT_FALSE(relay_->MustArrive("nobody", "ORDER_CONFIRMED"));
}

TEST_F(OrderRelayTest, WhatOperatorsDoWithDeliveriesConcernsNobody) {
  for (const events::Event& event : testing::DeliveryEvents()) {
    EXPECT_OK(BillingConsumer(orders_, billing_, clock_).deliver(event, TestDeadline()));
    EXPECT_OK(LinkConsumer(links_).deliver(event, TestDeadline()));
  }
  EXPECT_THAT(billing_.requests, IsEmpty());
  EXPECT_THAT(links_.outcomes, IsEmpty());
}

TEST_F(OrderRelayTest, TellsEachLinkWhatBecameOfItsOrder) {
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

TEST_F(OrderRelayTest, ADraftHasNoLinkToTellOf) {
  const v1::Order draft = CreateOrder();
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(draft)));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(draft)));
  ASSERT_OK(Call(&Stub::ApplyPartnerState, PartnerStateRequest(4, false), kPartnerService));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_THAT(links_.outcomes, IsEmpty());
}

TEST_F(OrderRelayTest, ExpiresWhatNobodyAnswered) {
  const v1::Order waiting = WaitingOrder().order();
  clock_.Advance(absl::Hours(1));
  const v1::Order later = WaitingOrder().order();
  clock_.Advance(absl::Hours(30 * 24 - 1));
  Expire();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_EXPIRED);
  EXPECT_EQ(Read(later).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  EXPECT_THAT(links_.outcomes, ElementsAre(Pair(waiting.link(), Link::STATE_EXPIRED)));
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("ORDER_EXPIRED"));
  EXPECT_OK(Call(&Stub::ReviseOrder, ReviseRequest(waiting)));
}

TEST_F(OrderRelayTest, AnOrderThatCannotBeReadKeepsNoOtherFromExpiring) {
  WaitingOrder();
  clock_.Advance(absl::Hours(1));
  const v1::Order later = WaitingOrder().order();
  database_->Execute("UPDATE orders SET order_lines = 'x' ORDER BY submit_time LIMIT 1");
  clock_.Advance(absl::Hours(31 * 24));
  const events::BucketTask task = ExpiryTask(orders_, clock_);
  int failed = 0;
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) failed += task.run(bucket, TestDeadline()).ok() ? 0 : 1;
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(Read(later).state(), v1::Order::STATE_EXPIRED);
}

}  // namespace
}  // namespace countersign::order
