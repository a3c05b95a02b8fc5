#include <string>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::SizeIs;
using Cancel = v1::CancelSubscriptionRequest;

// CancelSubscription with its credit, through the real server and database.
class CancelSubscriptionTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(OrderRequest()));
    subscription_ = activated.subscriptions(0);
    invoice_ = activated.invoices(0);
  }

  Cancel Now(Cancel::Policy policy) const {
    Cancel request;
    request.set_name(subscription_);
    request.set_when(Cancel::WHEN_NOW);
    request.set_policy(policy);
    request.set_reason("moved on");
    request.set_request_id(NewRequestId());
    return request;
  }

  absl::StatusOr<v1::Subscription> Send(const Cancel& request) {
    return Call(&v1::SubscriptionService::Stub::CancelSubscription, request);
  }

  void PayInFull() {
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
    Drain();
  }

  std::string subscription_;
  std::string invoice_;
};

TEST_F(CancelSubscriptionTest, InItsWindowCreditsTheInvoiceAndReversesTheFee) {
  PayInFull();
  SetDay(Date(2009, 6, 7));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription ended, Send(Now(Cancel::POLICY_FREE_WINDOW)));
  EXPECT_EQ(ended.state(), v1::Subscription::STATE_CANCELLED);
  EXPECT_EQ(ended.tranches(0).cancellable_quantity(), 0);
  EXPECT_EQ(ended.cancellation().quantity(), 25);
  EXPECT_EQ(ended.cancellation().end_date().day(), 7);
  ASSERT_THAT(ended.cancellation().credit_notes(), SizeIs(1));
  EXPECT_EQ(ended.cancellation().credit_notes(0).invoice(), invoice_);
  EXPECT_EQ(ended.cancellation().credited().units(), 375);
  EXPECT_EQ(ended.cancellation().fee_reversed().units(), -45);
  Drain();
  EXPECT_THAT(Fees(kOperator), SizeIs(2));
  EXPECT_EQ(CountRows("held_deliveries"), 0) << "the partner's event of the reversal is nobody's to deliver";
  EXPECT_EQ(database_->Query("SELECT credit_micros FROM billing_accounts").at(0).Int(0), 375'000'000);
  EXPECT_EQ(CountRows("credit_notes"), 1);
  ExpectBalancedBooks();
  ASSERT_OK_AND_ASSIGN(const v1::Subscription read, GetSubscription(subscription_));
  EXPECT_FALSE(read.has_cancellation());
  EXPECT_EQ(read.etag(), ended.etag());
}

TEST_F(CancelSubscriptionTest, PreviewSaysTheMoneyAndWritesNothing) {
  Cancel preview = Now(Cancel::POLICY_PRORATED_CREDIT);
  preview.set_validate_only(true);
  SetDay(Date(2009, 6, 16));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription would, Send(preview));
  EXPECT_EQ(would.cancellation().credited().units(), 187);
  EXPECT_EQ(would.cancellation().credited().nanos(), 500'000'000);
  EXPECT_EQ(CountRows("credit_notes"), 0);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription read, GetSubscription(subscription_));
  EXPECT_EQ(read.state(), v1::Subscription::STATE_ACTIVE);
  preview.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription ended, Send(preview));
  EXPECT_EQ(ended.cancellation().credited().SerializeAsString(), would.cancellation().credited().SerializeAsString());
}

TEST_F(CancelSubscriptionTest, TheSameRequestAgainIsTheSameAnswer) {
  const Cancel request = Now(Cancel::POLICY_NO_CREDIT);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription first, Send(request));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription again, Send(request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(CountRows("credit_notes"), 1);
  EXPECT_THAT(Send(Now(Cancel::POLICY_NO_CREDIT)), HasReason("SUBSCRIPTION_STATE"));
  EXPECT_EQ(CountRows("credit_notes"), 1);
}

TEST_F(CancelSubscriptionTest, ThePressDecidesAndItsDayIsTheFirstNotServed) {
  Cancel request = Now(Cancel::POLICY_FREE_WINDOW);
  SetDay(Date(2009, 6, 20));
  EXPECT_THAT(Send(request), HasReason("CANCELLATION_WINDOW_ENDED"));
  *request.mutable_press_time() = rpc::ToProto(StartOf(Date(2009, 6, 8)) - absl::Seconds(1));
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Subscription ended, Send(request));
  EXPECT_EQ(ended.end_date().day(), 7);
  EXPECT_EQ(ended.cancellation().credited().units(), 375);
}

TEST_F(CancelSubscriptionTest, RefusalsChangeNothing) {
  Cancel request = Now(Cancel::POLICY_FREE_WINDOW);
  *request.mutable_press_time() = rpc::ToProto(StartOf(Date(2009, 6, 2)));
  ExpectViolations(Send(request).status(), {"press_time"});
  *request.mutable_press_time() = rpc::ToProto(StartOf(Date(2009, 5, 31)));
  EXPECT_THAT(Send(request), HasReason("PRESS_BEFORE_TERM"));
  Cancel seats = Now(Cancel::POLICY_UNSPECIFIED);
  seats.set_tranche(1);
  ExpectViolations(Send(seats).status(), {"tranche"});
  seats.set_tranche(-1);
  seats.set_when(Cancel::WHEN_TERM_END);
  ExpectViolations(Send(seats).status(), {"tranche"});
  seats.set_tranche(1);
  *seats.mutable_press_time() = request.press_time();
  ExpectViolations(Send(seats).status(), {"tranche", "press_time"});
  SetDay(Date(2009, 5, 30));
  EXPECT_THAT(Send(Now(Cancel::POLICY_NO_CREDIT)), HasReason("CLOCK_WENT_BACK"));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription read, GetSubscription(subscription_));
  EXPECT_EQ(read.state(), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(CountRows("credit_notes"), 0);
}

}  // namespace
}  // namespace countersign::billing
