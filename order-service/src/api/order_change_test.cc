// Orders that change a running subscription: CHANGE_SEATS and RENEW.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/rpc/convert.h"
#include "common/testing/status_matchers.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/order/v1/activation_outcome_service.grpc.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {
namespace {

using billing::v1::ActivateOrderRequest;
using ::countersign::testing::HasReason;

class OrderChangeTest : public ApiTest {
 protected:
  // 25 seats of the suite since 2009-06-01, of the customer.
  void SetUp() override {
    ApiTest::SetUp();
    const std::vector<std::string> parts = absl::StrSplit(customer_, '/');
    const Uuid account = BillingAccountOf({.partner = *Uuid::Parse(parts[1]), .id = *Uuid::Parse(parts[3])}, "USD");
    billing::v1::Subscription& subscription = billing_.subscription;
    subscription.set_name("billingAccounts/" + account.ToString() +
                          "/subscriptions/0190a5b2-7c3d-7e4f-8a6b-0000000005ab");
    subscription.set_state(billing::v1::Subscription::STATE_ACTIVE);
    subscription.set_offer("offers/bpos-standard-suite");
    subscription.set_partner_of_record(partner_);
    subscription.set_quantity(25);
    subscription.add_tranches()->set_quantity(25);
    subscription.mutable_tranches(0)->mutable_unit_price()->set_currency_code("USD");
    subscription.mutable_tranches(0)->mutable_unit_price()->set_units(15);
    *subscription.mutable_term_end_date() = rpc::ToProto(Date(2010, 6, 1));
    subscription.set_billing_period_months(1);
  }

  v1::CreateOrderRequest ChangeRequest(v1::Order::Kind kind, int64_t seats, bool at_renewal = false) const {
    v1::CreateOrderRequest request = CreateRequest();
    v1::Order& order = *request.mutable_order();
    order.set_kind(kind);
    order.clear_lines();
    v1::Order::Line& line = *order.add_lines();
    line.set_subscription(billing_.subscription.name());
    line.set_quantity(seats);
    line.set_at_renewal(at_renewal);
    return request;
  }

  v1::Order Create(v1::Order::Kind kind, int64_t seats, bool at_renewal = false) {
    const auto order = Call(&Stub::CreateOrder, ChangeRequest(kind, seats, at_renewal));
    EXPECT_OK(order);
    return order.value_or(v1::Order());
  }

  v1::ConfirmOrderRequest VerifiedConfirm(const v1::Order& order) const {
    v1::ConfirmOrderRequest request = ConfirmRequest(order);
    request.mutable_acceptance()->set_contact_verified(true);
    return request;
  }
};

TEST_F(OrderChangeTest, AddedSeatsArePricedNowAndGoToBillingAsSuch) {
  const v1::Order draft = Create(v1::Order::KIND_CHANGE_SEATS, 10);
  EXPECT_EQ(draft.kind(), v1::Order::KIND_CHANGE_SEATS);
  EXPECT_EQ(draft.lines(0).offer(), "offers/bpos-standard-suite");
  EXPECT_EQ(draft.lines(0).seats_before(), 25);
  EXPECT_EQ(draft.lines(0).seats_after(), 35);
  EXPECT_EQ(draft.total().units(), 150);
  const v1::Order waiting = SubmitOrder(draft).order();
  EXPECT_EQ(Read(waiting).SerializeAsString(), waiting.SerializeAsString());
  const ActivateOrderRequest& asked = billing_.requests.back();
  EXPECT_TRUE(asked.validate_only());
  EXPECT_EQ(asked.kind(), ActivateOrderRequest::KIND_CHANGE_SEATS);
  EXPECT_EQ(asked.billing_account(), waiting.billing_account());
  EXPECT_EQ(asked.lines(0).subscription(), billing_.subscription.name());
  EXPECT_EQ(asked.lines(0).seats_to_add(), 10);
  EXPECT_EQ(asked.lines(0).unit_price().units(), 15);
  EXPECT_EQ(asked.lines(0).quantity(), 0);
  EXPECT_EQ(asked.term_months(), 0);
  const auto& review = links_.requests.begin()->second.review();
  EXPECT_EQ(review.kind(), "CHANGE_SEATS");
  EXPECT_EQ(review.lines(0).seats_after(), 35);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("CODE_REQUIRED"));
  ASSERT_OK_AND_ASSIGN(const v1::Order confirmed, Call(&Stub::ConfirmOrder, VerifiedConfirm(waiting), kLinkService));
  EXPECT_EQ(confirmed.start_date().month(), 6);
}

TEST_F(OrderChangeTest, FewerSeatsHoldFromTheRenewalOnAndHaveNoPriceYet) {
  const v1::Order waiting = SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 20, /*at_renewal=*/true)).order();
  EXPECT_EQ(waiting.total().units(), 0);
  EXPECT_EQ(waiting.lines(0).price(), "");
  const ActivateOrderRequest& asked = billing_.requests.back();
  EXPECT_EQ(asked.lines(0).renewal_quantity(), 20);
  EXPECT_FALSE(asked.lines(0).has_unit_price());
}

TEST_F(OrderChangeTest, ARenewalTakesThePriceOfTheRenewalDayAndExpiresThenAtTheLatest) {
  const v1::Order renewal = SubmitOrder(Create(v1::Order::KIND_RENEW, 30)).order();
  EXPECT_EQ(renewal.total().units(), 300);
  EXPECT_EQ(renewal.lines(0).price(), "offers/bpos-standard-suite/prices/usd-2009-11");
  EXPECT_EQ(billing_.requests.back().kind(), ActivateOrderRequest::KIND_RENEW);
  EXPECT_EQ(billing_.requests.back().lines(0).unit_price().units(), 10);
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(renewal)));
  clock_.Set(StartOf(Date(2010, 5, 22)) + absl::Hours(9));
  const v1::Order late = SubmitOrder(Create(v1::Order::KIND_RENEW, 30)).order();
  EXPECT_EQ(late.expire_time().seconds(), absl::ToUnixSeconds(StartOf(Date(2010, 6, 1))));
  clock_.Set(StartOf(Date(2010, 6, 1)));
  EXPECT_THAT(Call(&Stub::CreateOrder, ChangeRequest(v1::Order::KIND_RENEW, 30)), HasReason("TERM_ENDED"));
}

TEST_F(OrderChangeTest, OneChangeWaitsPerSubscriptionAndTheRefusalNamesIt) {
  const v1::Order first = SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 10)).order();
  const v1::Order second = Create(v1::Order::KIND_RENEW, 30);
  const absl::Status refused = Call(&Stub::SubmitOrder, SubmitRequest(second)).status();
  EXPECT_THAT(refused, HasReason("CHANGE_ALREADY_WAITING"));
  EXPECT_EQ(DetailsOf(refused).metadata.front().second, first.name());
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr(first.order_number()));
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(first)));
  SubmitOrder(second);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(first)), HasReason("CHANGE_ALREADY_WAITING"));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(second)));
  SubmitOrder(first);
}

TEST_F(OrderChangeTest, AWaitingChangeExpiresWhenItsSubscriptionChanges) {
  const v1::Order waiting = SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 10)).order();
  v1::ExpireWaitingChangeRequest request;
  request.set_partner(partner_);
  request.set_subscription(billing_.subscription.name());
  request.set_reason("The subscription was suspended.");
  const auto expire = [&]() {
    request.set_request_id(NewRequestId());
    return Call(&v1::ActivationOutcomeService::Stub::ExpireWaitingChange, request, kBillingService).status();
  };
  ASSERT_OK(expire());
  const v1::Order expired = Read(waiting);
  EXPECT_EQ(expired.state(), v1::Order::STATE_EXPIRED);
  EXPECT_EQ(expired.state_reason(), "The subscription was suspended.");
  EXPECT_EQ(EventTypes().back(), "ORDER_EXPIRED");
  EXPECT_THAT(Call(&Stub::ConfirmOrder, VerifiedConfirm(waiting), kLinkService), HasReason("ORDER_EXPIRED"));
  ASSERT_OK(expire()) << "nothing waits any more";
  EXPECT_EQ(Read(waiting).etag(), expired.etag());
  // Revised, it waits again, without the reason of before.
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::ReviseOrder, ReviseRequest(expired)));
  EXPECT_EQ(draft.state_reason(), "");
  EXPECT_EQ(SubmitOrder(draft).order().state(), v1::Order::STATE_AWAITING_CONFIRMATION);
}

TEST_F(OrderChangeTest, WhatWaitsForAnotherSubscriptionOrIsConfirmedStays) {
  const v1::Order waiting = SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 10)).order();
  v1::ExpireWaitingChangeRequest request;
  request.set_partner(partner_);
  request.set_subscription(billing_.subscription.name().substr(0, billing_.subscription.name().size() - 1) + "0");
  request.set_reason("The subscription was renewed.");
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::ActivationOutcomeService::Stub::ExpireWaitingChange, request, kBillingService));
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  ASSERT_OK(Call(&Stub::ConfirmOrder, VerifiedConfirm(waiting), kLinkService));
  request.set_subscription(billing_.subscription.name());
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::ActivationOutcomeService::Stub::ExpireWaitingChange, request, kBillingService));
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_CONFIRMED);
}

TEST_F(OrderChangeTest, AChangeIsConfirmedWithoutSayingWhoPays) {
  v1::ConfirmOrderRequest request = VerifiedConfirm(SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 10)).order());
  request.mutable_acceptance()->clear_company_name();
  request.mutable_acceptance()->clear_billing_email();
  request.mutable_acceptance()->clear_billing_address();
  ASSERT_OK_AND_ASSIGN(const v1::Order confirmed, Call(&Stub::ConfirmOrder, request, kLinkService));
  EXPECT_EQ(confirmed.state(), v1::Order::STATE_CONFIRMED);
  EXPECT_EQ(CountRows("acceptances WHERE company_name = '' AND confirmer_name = 'Ann Buyer'"), 1);
  const auto relay = events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), {});
  ASSERT_OK(relay->Drain(testing::TestDeadline()));
  EXPECT_FALSE(billing_.requests.back().validate_only());
  EXPECT_EQ(billing_.requests.back().kind(), ActivateOrderRequest::KIND_CHANGE_SEATS);
  EXPECT_EQ(billing_.requests.back().company_name(), "");
}

TEST_F(OrderChangeTest, AConfirmedOrExpiredChangeWaitsNoMore) {
  const v1::Order first = SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 10)).order();
  ASSERT_OK(Call(&Stub::ConfirmOrder, VerifiedConfirm(first), kLinkService));
  SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 5));
  clock_.Advance(absl::Hours(30 * 24));  // No worker has marked it yet.
  SubmitOrder(Create(v1::Order::KIND_CHANGE_SEATS, 7));
}

TEST_F(OrderChangeTest, OfManySubmitsAtOnceOneChangeWaits) {
  for (int round = 0; round < 10 && !HasFailure(); ++round) {
    std::vector<v1::Order> drafts;
    for (int i = 0; i < 4; ++i) drafts.push_back(Create(v1::Order::KIND_CHANGE_SEATS, 1 + i));
    std::vector<absl::StatusOr<v1::SubmitOrderResponse>> replies(drafts.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < drafts.size(); ++i) {
      threads.emplace_back([&, i] { replies[i] = Call(&Stub::SubmitOrder, SubmitRequest(drafts[i])); });
    }
    for (std::thread& thread : threads) thread.join();
    int waiting = 0;
    for (const auto& reply : replies) {
      if (!reply.ok()) {
        EXPECT_THAT(reply, HasReason("CHANGE_ALREADY_WAITING"));
        continue;
      }
      ++waiting;
      EXPECT_OK(Call(&Stub::CancelOrder, CancelRequest(reply->order())));
    }
    EXPECT_EQ(waiting, 1);
  }
}

TEST_F(OrderChangeTest, OnlyThePartnerOfRecordChangesASubscriptionOfItsOwnCustomer) {
  const std::string own = billing_.subscription.name();
  billing_.subscription.set_partner_of_record("partners/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff");
  EXPECT_THAT(Call(&Stub::CreateOrder, ChangeRequest(v1::Order::KIND_CHANGE_SEATS, 10)),
              HasReason("NOT_PARTNER_OF_RECORD"));
  billing_.subscription.set_name("billingAccounts/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff/subscriptions/" +
                                 own.substr(own.rfind('/') + 1));
  ExpectViolations(Call(&Stub::CreateOrder, ChangeRequest(v1::Order::KIND_CHANGE_SEATS, 10)).status(),
                   {"order.lines[0].subscription"});
  v1::CreateOrderRequest unknown = ChangeRequest(v1::Order::KIND_CHANGE_SEATS, 10);
  unknown.mutable_order()->mutable_lines(0)->set_subscription(own);
  EXPECT_THAT(Call(&Stub::CreateOrder, unknown), HasReason("SUBSCRIPTION_NOT_FOUND"));
}

TEST_F(OrderChangeTest, NamesEveryBadTermOfAChange) {
  v1::CreateOrderRequest request = ChangeRequest(v1::Order::KIND_CHANGE_SEATS, 10);
  *request.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 7, 1));
  request.mutable_order()->mutable_lines(0)->set_subscription("subscriptions/1");
  request.mutable_order()->mutable_lines(0)->set_quantity(0);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(),
                   {"order.requested_start_date", "order.lines[0].subscription", "order.lines[0].quantity"});
  request = ChangeRequest(v1::Order::KIND_RENEW, 4);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.lines[0].quantity"});
  *request.mutable_order()->add_lines() = request.order().lines(0);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.lines"});
  request = CreateRequest();
  request.mutable_order()->mutable_lines(0)->set_subscription(billing_.subscription.name());
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.lines[0].subscription"});
  v1::ReviseOrderRequest revise = ReviseRequest(Create(v1::Order::KIND_CHANGE_SEATS, 10));
  revise.mutable_order()->set_kind(v1::Order::KIND_RENEW);
  ExpectViolations(Call(&Stub::ReviseOrder, revise).status(), {"order.kind"});
}

}  // namespace
}  // namespace countersign::order
