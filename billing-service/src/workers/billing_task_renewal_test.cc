// Renewals by the billing run: announced, renewed at the price of their day, waiting for a price, or expired.
#include <string>

#include "absl/status/status.h"
#include "billing-service/src/workers/billing_task_test_base.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"

namespace countersign::billing {
namespace {

TEST_F(BillingTaskTest, APriceOfNothingParksTheRenewalAndNotTheAccount) {
  SubscriptionOf("a");
  orders_.unit_price_units = 0;
  SetDay(Date(2010, 5, 2));
  RunAll();
  SetDay(Date(2010, 6, 1));
  RunAll();
  EXPECT_EQ(CountRows("subscriptions WHERE renewal_source = 'PARKED' AND committed_months = 12"), 1);
  EXPECT_EQ(CountRows("billing_accounts WHERE state = 'PARKED'"), 0);
  EXPECT_EQ(CountRows("invoice_lines"), 12);
}

// Its day passed without a price; one that is published later renews it.
TEST_F(BillingTaskTest, AParkedRenewalIsAskedForAgainWithThePriceOfThatDay) {
  const std::string name = SubscriptionOf("a");
  orders_.unit_price_units = 0;
  SetDay(Date(2010, 6, 1));
  RunAll();
  EXPECT_EQ(orders_.asked_day(), 1);
  SetDay(Date(2010, 6, 20));
  orders_.unit_price_units = 10;
  v1::SetAutoRenewRequest renew;
  renew.set_name(name);
  renew.set_auto_renew(true);
  renew.set_reason("there is a price now");
  renew.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SetAutoRenew, renew));
  RunAll();
  EXPECT_EQ(orders_.asked_day(), 20);
  EXPECT_EQ(CountRows("subscriptions WHERE committed_months = 24"), 1);
}

TEST_F(BillingTaskTest, AnnouncesTheRenewalAndRenewsAtTheLowerPrice) {
  const std::string name = SubscriptionOf("a");
  SetDay(Date(2010, 5, 2));
  RunAll();
  ASSERT_OK_AND_ASSIGN(v1::Subscription subscription, GetSubscription(name));
  EXPECT_EQ(subscription.renewal().source(), v1::Subscription::Renewal::SOURCE_AUTOMATIC);
  EXPECT_EQ(subscription.renewal().unit_price().units(), 10);
  EXPECT_EQ(subscription.renewal().price(), "offers/bpos-standard-suite/prices/next");
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_RENEWAL_ANNOUNCED'"), 1);
  orders_.unit_price_units = 8;
  SetDay(Date(2010, 6, 1));
  RunAll();
  ASSERT_OK_AND_ASSIGN(subscription, GetSubscription(name));
  EXPECT_EQ(subscription.term_end_date().year(), 2011);
  EXPECT_EQ(subscription.tranches(0).unit_price().units(), 8);
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-01' AND net_micros = 200000000"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_RENEWED'"), 1);
}

TEST_F(BillingTaskTest, RenewalWaitsWhileOrderServiceIsDownAndTheOtherLinesDoNot) {
  const std::string first = SubscriptionOf("a");
  SetDay(Date(2010, 5, 2));
  RunAll();
  v1::ActivateOrderRequest second = OrderRequest("second");
  second.set_billing_account(AccountNamed("a"));
  *second.mutable_start_date() = rpc::ToProto(Date(2010, 5, 2));
  *second.mutable_confirm_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK(Activate(second));
  orders_.failure = Error(absl::StatusCode::kUnavailable, "UNAVAILABLE", "The peer is down.");
  SetDay(Date(2010, 6, 2));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-02'"), 1);
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-01'"), 0);
  orders_.failure = absl::OkStatus();
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-01'"), 1);
}

TEST_F(BillingTaskTest, ExpiresWhatIsNotRenewed) {
  const std::string name = SubscriptionOf("a");
  v1::CancelSubscriptionRequest cancel;
  cancel.set_name(name);
  cancel.set_when(v1::CancelSubscriptionRequest::WHEN_TERM_END);
  cancel.set_reason("moved on");
  cancel.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::CancelSubscription, cancel));
  SetDay(Date(2010, 6, 1));
  RunAll();
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(name));
  EXPECT_EQ(subscription.state(), v1::Subscription::STATE_EXPIRED);
  EXPECT_EQ(subscription.cancel_reason(), "moved on");
  EXPECT_EQ(subscription.end_date().year(), 2010);
  EXPECT_EQ(CountRows("invoice_lines"), 12);
}

}  // namespace
}  // namespace countersign::billing
