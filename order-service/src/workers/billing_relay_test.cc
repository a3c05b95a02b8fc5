// A confirmed order is activated. The real relay, in the test's own thread.
#include "order-service/src/workers/billing_relay.h"

#include <memory>
#include <string>

#include "common/events/held_delivery.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BillingRelayTest : public ApiTest {
 protected:
  v1::Order Confirmed() {
    const v1::Order order = ConfirmedOrder();
    billing_.requests.clear();  // Of Submit.
    return order;
  }

  static events::Event ConfirmedEvent() {
    const auto rows =
        database_->Query("SELECT tenant_id, aggregate_id, version FROM events WHERE type = 'ORDER_CONFIRMED'");
    events::Event event;
    event.tenant = rows.at(0).Id(0);
    event.aggregate = rows.at(0).Id(1);
    event.version = rows.at(0).Int(2);
    event.type = "ORDER_CONFIRMED";
    return event;
  }

  const OrderStore orders_{database_->database()};
  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "order-service@test"}, parts_.consumers(), /*tasks=*/{});
};

TEST_F(BillingRelayTest, ActivatesAConfirmedOrder) {
  const v1::Order confirmed = Confirmed();
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
  EXPECT_EQ(asked.tax_id(), "91-1144442");
  EXPECT_EQ(asked.language_code(), "de") << "the language in which it confirmed";
  EXPECT_EQ(asked.order_number(), confirmed.order_number());
  EXPECT_EQ(asked.partner_reference(), confirmed.partner_reference());
  EXPECT_EQ(asked.customer_display_name(), "Fabrikam, Inc.") << "as the partner's address book names it";
  const v1::Order completed = Read(confirmed);
  EXPECT_EQ(completed.state(), v1::Order::STATE_COMPLETED);
  EXPECT_THAT(completed.subscriptions(),
              ElementsAre(::testing::StartsWith(confirmed.billing_account() + "/subscriptions/")));
  EXPECT_EQ(EventTypes().back(), "ORDER_COMPLETED");
}

TEST_F(BillingRelayTest, ACompletedOrderIsStillTheFirstConfirmation) {
  const v1::Order confirmed = Confirmed();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  ASSERT_OK_AND_ASSIGN(const v1::Order again, Call(&Stub::ConfirmOrder, ConfirmRequest(confirmed), kLinkService));
  EXPECT_EQ(again.state(), v1::Order::STATE_COMPLETED);
}

TEST_F(BillingRelayTest, DeliveringAgainActivatesNothingTwice) {
  Confirmed();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  ASSERT_OK(relay_->Redeliver(TestDeadline(), "billing", absl::UnixEpoch()));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  // The same request, which billing answers as before, or for the first time where it was restored from before it.
  ASSERT_EQ(billing_.requests.size(), 2);
  EXPECT_EQ(billing_.requests[1].request_id(), billing_.requests[0].request_id());
  EXPECT_EQ(CountRows("events WHERE type = 'ORDER_COMPLETED'"), 1);
}

TEST_F(BillingRelayTest, AnErasedOrderThatIsDeliveredAgainIsLeftAlone) {
  Confirmed();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  database_->Execute("UPDATE orders SET erase_time = UTC_TIMESTAMP(6)");
  ASSERT_OK(relay_->Redeliver(TestDeadline(), "billing", absl::UnixEpoch()));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(billing_.requests.size(), 1);
}

TEST_F(BillingRelayTest, AnActivationThatWasAnsweredButNotWrittenIsAskedForWithTheSameRequestId) {
  const v1::Order confirmed = Confirmed();
  const events::Event event = ConfirmedEvent();
  database_->Execute("ALTER TABLE orders ADD CONSTRAINT died CHECK (state = 'CONFIRMED')");
  const events::Consumer consumer = BillingConsumer(orders_, committer_, billing_, clock_);
  EXPECT_FALSE(consumer.deliver(event, TestDeadline()).ok());
  database_->Execute("ALTER TABLE orders DROP CONSTRAINT died");
  clock_.Advance(absl::Hours(1));
  EXPECT_OK(consumer.deliver(event, TestDeadline()));
  ASSERT_EQ(billing_.requests.size(), 2);
  EXPECT_EQ(billing_.requests[0].SerializeAsString(), billing_.requests[1].SerializeAsString());
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_COMPLETED);
}

TEST_F(BillingRelayTest, AnActivationThatIsRefusedForGoodIsParked) {
  const v1::Order confirmed = Confirmed();
  billing_.failure = FailedPrecondition("CURRENCY_MISMATCH", "The account has another currency.");
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_CONFIRMED);
  ASSERT_OK_AND_ASSIGN(const auto held, events::ListHeld(database_->database(), TestDeadline(), {.size = 10}));
  ASSERT_EQ(held.items.size(), 1);
  EXPECT_TRUE(held.items[0].parked);
  EXPECT_EQ(held.items[0].consumer, "billing");
}

TEST_F(BillingRelayTest, WhatThePartnerMayHaveSoldToItselfIsActivatedAndItsFeesAreHeld) {
  const v1::Order confirmed = Confirmed();
  database_->Execute("UPDATE orders SET partner_mail_domain = 'fabrikam.example'");
  ASSERT_OK(relay_->Drain(TestDeadline()));
  const v1::Order completed = Read(confirmed);
  EXPECT_EQ(completed.state(), v1::Order::STATE_COMPLETED);
  ASSERT_EQ(billing_.fee_holds.size(), 1);
  EXPECT_EQ(billing_.fee_holds[0].parent(), partner_);
  EXPECT_EQ(billing_.fee_holds[0].subscription(), completed.subscriptions(0));
  EXPECT_THAT(billing_.fee_holds[0].reason(), ::testing::HasSubstr("own mail domain"));
  ASSERT_OK(relay_->Redeliver(TestDeadline(), "billing", absl::UnixEpoch()));
  ASSERT_OK(relay_->Drain(TestDeadline()));
  ASSERT_EQ(billing_.fee_holds.size(), 2) << "billing-service may have been restored since";
  EXPECT_EQ(billing_.fee_holds[1].request_id(), billing_.fee_holds[0].request_id());
}

TEST_F(BillingRelayTest, TheContactOfAnAccountOnFileIsLookedAtWhereNothingWasTyped) {
  const v1::Order confirmed = Confirmed();
  database_->Execute("UPDATE orders SET partner_mail_domain = 'contoso.example'");
  database_->Execute("UPDATE acceptances SET billing_email = ''");
  billing_.account_email = "ann@mail.contoso.example";
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_COMPLETED);
  ASSERT_EQ(billing_.fee_holds.size(), 1);
  EXPECT_THAT(billing_.fee_holds[0].reason(), ::testing::HasSubstr("own mail domain"));
  EXPECT_THAT(billing_.accounts_read, ElementsAre(confirmed.billing_account()));
}

TEST_F(BillingRelayTest, AnAccountOnFileWithAnotherContactIsNotSuspected) {
  const v1::Order confirmed = Confirmed();
  database_->Execute("UPDATE orders SET partner_mail_domain = 'contoso.example'");
  database_->Execute("UPDATE acceptances SET billing_email = ''");
  billing_.account_email = "ann@fabrikam.example";
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_COMPLETED);
  EXPECT_THAT(billing_.fee_holds, IsEmpty());
}

TEST_F(BillingRelayTest, TheOrderIsNotCompletedBeforeItsFeesAreHeld) {
  const v1::Order confirmed = Confirmed();
  database_->Execute("UPDATE orders SET submit_address = '192.0.2.7'");
  database_->Execute("UPDATE acceptances SET ip_address = '192.0.2.7'");
  const events::Event event = ConfirmedEvent();
  const events::Consumer consumer = BillingConsumer(orders_, committer_, billing_, clock_);
  billing_.hold_failure = absl::UnavailableError("down");
  EXPECT_TRUE(absl::IsUnavailable(consumer.deliver(event, TestDeadline())));
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_CONFIRMED);
  billing_.hold_failure = absl::OkStatus();
  ASSERT_OK(consumer.deliver(event, TestDeadline()));
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_COMPLETED);
  EXPECT_EQ(billing_.fee_holds.size(), 1);
}

TEST_F(BillingRelayTest, AnActivationThatWasParkedHasItsFeesHeldWhenItIsDone) {
  const v1::Order confirmed = Confirmed();
  database_->Execute("UPDATE orders SET partner_mail_domain = 'fabrikam.example'");
  events::Event event;
  event.tenant = database_->Query("SELECT partner_id FROM orders").at(0).Id(0);
  event.aggregate = database_->Query("SELECT order_id FROM orders").at(0).Id(0);
  event.type = "ORDER_COMPLETED";
  event.actor = "services/billing-service";
  database_->Execute("UPDATE orders SET subscriptions = '5b0e9d1c-7a36-4f5e-9c55-0d3f6a1b2c3d'");
  const events::Consumer consumer = BillingConsumer(orders_, committer_, billing_, clock_);
  ASSERT_OK(consumer.deliver(event, TestDeadline()));
  ASSERT_EQ(billing_.fee_holds.size(), 1);
  EXPECT_EQ(billing_.fee_holds[0].subscription(),
            confirmed.billing_account() + "/subscriptions/5b0e9d1c-7a36-4f5e-9c55-0d3f6a1b2c3d");
  event.actor = "services/order-service";  // Its own completion, which held them before.
  ASSERT_OK(consumer.deliver(event, TestDeadline()));
  EXPECT_EQ(billing_.fee_holds.size(), 1);
}

TEST_F(BillingRelayTest, AnotherCustomersFeesAreNotHeld) {
  Confirmed();
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_THAT(billing_.fee_holds, IsEmpty());
}

TEST_F(BillingRelayTest, NoConfirmationIsGivenUp) {
  EXPECT_TRUE(relay_->MustArrive("billing", "ORDER_CONFIRMED"));
  EXPECT_FALSE(relay_->MustArrive("nobody", "ORDER_CONFIRMED"));
}

TEST_F(BillingRelayTest, IgnoresWhatOperatorsDoWithDeliveries) {
  for (const events::Event& event : testing::DeliveryEvents()) {
    EXPECT_OK(BillingConsumer(orders_, committer_, billing_, clock_).deliver(event, TestDeadline()));
  }
  EXPECT_THAT(billing_.requests, IsEmpty());
}

}  // namespace
}  // namespace countersign::order
