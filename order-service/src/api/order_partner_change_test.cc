// Orders by which another partner asks to become partner of record: CHANGE_PARTNER.
#include <string>

#include "common/base/transfer_code.h"
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
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAccountId[] = "0190a5b2-7c3d-7e4f-8a6b-00000000acc0";
constexpr char kOldPartner[] = "partners/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff";

class OrderPartnerChangeTest : public ApiTest {
 protected:
  // A subscription of another partner's customer, and a code for it.
  void SetUp() override {
    ApiTest::SetUp();
    billing::v1::Subscription& subscription = billing_.subscription;
    subscription.set_name(std::string("billingAccounts/") + kAccountId +
                          "/subscriptions/0190a5b2-7c3d-7e4f-8a6b-0000000005ab");
    subscription.set_state(billing::v1::Subscription::STATE_ACTIVE);
    subscription.set_offer("offers/bpos-standard-suite");
    subscription.set_partner_of_record(kOldPartner);
    subscription.add_partner_assignments()->set_partner(kOldPartner);
    *subscription.mutable_partner_assignments(0)->mutable_start_date() = rpc::ToProto(Date(2009, 6, 1));
    subscription.set_quantity(25);
    subscription.add_tranches()->set_quantity(25);
    subscription.mutable_tranches(0)->mutable_unit_price()->set_currency_code("USD");
    subscription.mutable_tranches(0)->mutable_unit_price()->set_units(15);
    *subscription.mutable_term_end_date() = rpc::ToProto(Date(2010, 6, 1));
    subscription.set_billing_period_months(1);
    billing_.transfer_code_id = TransferCodeId(code_)->ToString();
  }

  v1::CreateOrderRequest ChangeRequest() const {
    v1::CreateOrderRequest request = CreateRequest();
    v1::Order& order = *request.mutable_order();
    order.set_kind(v1::Order::KIND_CHANGE_PARTNER);
    order.clear_lines();
    order.clear_billing_period();
    order.add_lines()->set_transfer_code(code_);
    return request;
  }

  v1::Order Create() {
    const auto order = Call(&Stub::CreateOrder, ChangeRequest());
    EXPECT_OK(order);
    return order.value_or(v1::Order());
  }

  v1::ConfirmOrderRequest Verified(const v1::Order& waiting) const {
    v1::ConfirmOrderRequest request = ConfirmRequest(waiting);
    request.mutable_acceptance()->set_contact_verified(true);
    return request;
  }

  // Confirmed, and activated by billing-service.
  v1::Order Completed(const v1::Order& waiting) {
    EXPECT_OK(Call(&Stub::ConfirmOrder, Verified(waiting), kLinkService));
    const auto relay = events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), {});
    EXPECT_OK(relay->Drain(testing::TestDeadline()));
    v1::Order completed = Read(waiting);
    EXPECT_EQ(completed.state(), v1::Order::STATE_COMPLETED);
    return completed;
  }

  const std::string code_ = NewTransferCode();
};

TEST_F(OrderPartnerChangeTest, AChangeOfTheTermLeavesItWaiting) {
  const v1::Order waiting = SubmitOrder(Create()).order();
  v1::ExpireWaitingChangeRequest request;
  request.set_partner(partner_);
  request.set_subscription(billing_.subscription.name());
  request.set_reason("The subscription was renewed.");
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::ActivationOutcomeService::Stub::ExpireWaitingChange, request, kBillingService));
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
}

TEST_F(OrderPartnerChangeTest, TheCodeNamesTheSubscriptionAndNothingOfItIsShown) {
  const v1::Order draft = Create();
  ASSERT_EQ(draft.lines_size(), 1);
  EXPECT_EQ(draft.lines(0).former_partner_display_name(), "Old Partner");
  const v1::Order waiting = SubmitOrder(draft).order();
  EXPECT_EQ(waiting.billing_account(), std::string("billingAccounts/") + kAccountId);
  EXPECT_EQ(waiting.expire_time().seconds(), absl::ToUnixSeconds(clock_.Now() + kDefaultValidDays * absl::Hours(24)));
  EXPECT_EQ(Read(waiting).SerializeAsString(), waiting.SerializeAsString());
  for (const char* secret : {"0000000005ab", "bpos-standard-suite", "Standard"}) {
    EXPECT_THAT(waiting.DebugString(), Not(HasSubstr(secret)));
  }
  EXPECT_THAT(waiting.DebugString(), Not(HasSubstr(code_)));
  EXPECT_EQ(waiting.lines(0).quantity(), 0);
  EXPECT_FALSE(waiting.lines(0).has_renewal_date());
  const ActivateOrderRequest& asked = billing_.requests.back();
  EXPECT_TRUE(asked.validate_only());
  EXPECT_EQ(asked.kind(), ActivateOrderRequest::KIND_CHANGE_PARTNER);
  EXPECT_EQ(asked.partner_of_record(), partner_);
  EXPECT_EQ(asked.lines(0).subscription(), billing_.subscription.name());
  EXPECT_EQ(asked.lines(0).transfer_code(),
            std::string("billingAccounts/") + kAccountId + "/transferCodes/" + billing_.transfer_code_id);
  EXPECT_FALSE(asked.lines(0).has_unit_price());
  const auto& review = links_.requests.begin()->second.review();
  EXPECT_EQ(review.kind(), "CHANGE_PARTNER");
  EXPECT_EQ(links_.requests.begin()->second.billing_account(), "") << "the page does not say who pays";
  EXPECT_EQ(review.former_partner_display_name(), "Old Partner");
  EXPECT_EQ(review.lines_size(), 0);
}

TEST_F(OrderPartnerChangeTest, IsConfirmedWithTheCodeOfTheBillingContactOnly) {
  const v1::Order waiting = SubmitOrder(Create()).order();
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("CODE_REQUIRED"));
  ASSERT_OK_AND_ASSIGN(const v1::Order confirmed, Call(&Stub::ConfirmOrder, Verified(waiting), kLinkService));
  EXPECT_EQ(confirmed.state(), v1::Order::STATE_CONFIRMED);
}

TEST_F(OrderPartnerChangeTest, TheAccountComesAlongSoThatTheNewPartnerAddsSeats) {
  v1::CreateOrderRequest seats = CreateRequest();
  seats.mutable_order()->set_kind(v1::Order::KIND_CHANGE_SEATS);
  seats.mutable_order()->clear_lines();
  seats.mutable_order()->add_lines()->set_subscription(billing_.subscription.name());
  seats.mutable_order()->mutable_lines(0)->set_quantity(10);
  const v1::Order waiting = SubmitOrder(Create()).order();
  ASSERT_OK(Call(&Stub::ConfirmOrder, Verified(waiting), kLinkService));
  ExpectViolations(Call(&Stub::CreateOrder, seats).status(), {"order.lines[0].subscription"});
  billing_.subscription.set_partner_of_record(partner_);
  const auto relay = events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), {});
  ASSERT_OK(relay->Drain(testing::TestDeadline()));
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_COMPLETED);
  const auto added = Call(&Stub::CreateOrder, seats);
  ASSERT_OK(added);
  EXPECT_EQ(SubmitOrder(*added).order().billing_account(), waiting.billing_account());
}

TEST_F(OrderPartnerChangeTest, WhatCameWithoutAnOrderIsOfTheCustomerThatTheFirstOrderNames) {
  v1::CreateOrderRequest seats = CreateRequest();
  seats.mutable_order()->set_kind(v1::Order::KIND_CHANGE_SEATS);
  seats.mutable_order()->clear_lines();
  seats.mutable_order()->add_lines()->set_subscription(billing_.subscription.name());
  seats.mutable_order()->mutable_lines(0)->set_quantity(10);
  ExpectViolations(Call(&Stub::CreateOrder, seats).status(), {"order.lines[0].subscription"});
  // Its customer asked for this partner alone, or the vendor passed it on.
  billing_.subscription.set_partner_of_record(partner_);
  billing_.subscription.add_partner_assignments()->set_partner(partner_);
  const auto first = Call(&Stub::CreateOrder, seats);
  ASSERT_OK(first);
  const v1::Order waiting = SubmitOrder(*first).order();
  EXPECT_EQ(waiting.billing_account(), std::string("billingAccounts/") + kAccountId);
  EXPECT_EQ(CountRows("customer_accounts"), 0);

  v1::CreateOrderRequest other = seats;
  other.set_request_id(NewRequestId());
  other.mutable_order()->set_customer(partner_ + "/customers/0190a5b2-7c3d-7e4f-8a6b-00000000c0df");
  ExpectViolations(Call(&Stub::CreateOrder, other).status(), {"order.lines[0].subscription"});

  Completed(waiting);
  EXPECT_EQ(CountRows("customer_accounts"), 1);
  EXPECT_EQ(SubmitOrder(CreateOrder()).order().billing_account(), waiting.billing_account()) << "no second account";
}

TEST_F(OrderPartnerChangeTest, ANewOrderIsBilledToTheAccountThatCameAlong) {
  const v1::Order changed = Completed(SubmitOrder(Create()).order());
  const v1::Order next = SubmitOrder(CreateOrder()).order();
  EXPECT_EQ(next.billing_account(), changed.billing_account());
  EXPECT_EQ(billing_.requests.back().billing_account(), changed.billing_account());
  EXPECT_EQ(CountRows("customer_accounts"), 1);
}

TEST_F(OrderPartnerChangeTest, ACustomerThatHasAnAccountAlreadyKeepsIt) {
  const v1::Order first = SubmitOrder(CreateOrder()).order();
  const v1::Order changed = Completed(SubmitOrder(Create()).order());
  EXPECT_NE(first.billing_account(), changed.billing_account());
  EXPECT_EQ(SubmitOrder(CreateOrder()).order().billing_account(), first.billing_account());
  EXPECT_EQ(CountRows("customer_accounts"), 1);
}

TEST_F(OrderPartnerChangeTest, TheAccountComesAlongWhenAnOperatorRetriedTheActivation) {
  const v1::Order waiting = SubmitOrder(Create()).order();
  ASSERT_OK(Call(&Stub::ConfirmOrder, Verified(waiting), kLinkService));
  v1::ApplyActivationOutcomeRequest outcome;
  outcome.set_order(waiting.name());
  outcome.set_revision(waiting.revision());
  outcome.set_outcome(v1::ApplyActivationOutcomeRequest::OUTCOME_ACTIVATED);
  outcome.add_subscriptions(billing_.subscription.name());
  outcome.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::ActivationOutcomeService::Stub::ApplyActivationOutcome, outcome, kBillingService));
  EXPECT_EQ(SubmitOrder(CreateOrder()).order().billing_account(), waiting.billing_account());
}

TEST_F(OrderPartnerChangeTest, AReplyLostIsGivenAgainWithItsUrl) {
  const v1::SubmitOrderRequest request = SubmitRequest(Create());
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse first, Call(&Stub::SubmitOrder, request));
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse again, Call(&Stub::SubmitOrder, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
}

TEST_F(OrderPartnerChangeTest, EveryRefusalSaysWhy) {
  v1::CreateOrderRequest request = ChangeRequest();
  request.mutable_order()->mutable_lines(0)->set_transfer_code(NewTransferCode());
  EXPECT_THAT(Call(&Stub::CreateOrder, request), HasReason("TRANSFER_CODE_NOT_FOUND"));
  request = ChangeRequest();
  request.mutable_order()->set_currency_code("JPY");
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.currency_code"});
  const v1::Order draft = Create();
  billing_.code_refusal = FailedPrecondition("TRANSFER_CODE_USED", "Used.");
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("TRANSFER_CODE_USED"));
  billing_.code_refusal = absl::OkStatus();
  partners_.unauthorized = {"offers/bpos-standard-suite"};
  const absl::Status refused = Call(&Stub::SubmitOrder, SubmitRequest(draft)).status();
  EXPECT_THAT(refused, HasReason("OFFER_NOT_AUTHORIZED"));
  EXPECT_TRUE(DetailsOf(refused).metadata.empty()) << "the partner does not learn what the customer has";
  partners_.unauthorized.clear();
  SubmitOrder(draft);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(Create())), HasReason("CHANGE_ALREADY_WAITING"));
  billing_.subscription.set_partner_of_record(partner_);
  EXPECT_THAT(Call(&Stub::CreateOrder, ChangeRequest()), HasReason("ALREADY_PARTNER_OF_RECORD"));
}

TEST_F(OrderPartnerChangeTest, NamesEveryBadFieldOfTheLine) {
  v1::CreateOrderRequest request = ChangeRequest();
  v1::Order::Line& line = *request.mutable_order()->mutable_lines(0);
  line.set_transfer_code("7C3D");
  line.set_quantity(5);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.lines[0].transfer_code", "order.lines[0]"});
  line.clear_transfer_code();
  line.clear_quantity();
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.lines[0].transfer_code"});
  request = CreateRequest();
  request.mutable_order()->mutable_lines(0)->set_transfer_code(code_);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.lines[0].transfer_code"});
}

TEST_F(OrderPartnerChangeTest, UpdateAndCloneKeepTheCode) {
  v1::UpdateOrderRequest update;
  *update.mutable_order() = Create();
  update.mutable_order()->set_customer_note("We look after you.");
  update.mutable_update_mask()->add_paths("customer_note");
  update.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Order updated, Call(&Stub::UpdateOrder, update));
  EXPECT_EQ(updated.customer_note(), "We look after you.");
  v1::CloneOrderRequest clone;
  clone.set_name(updated.name());
  clone.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Order cloned, Call(&Stub::CloneOrder, clone));
  EXPECT_EQ(cloned.kind(), v1::Order::KIND_CHANGE_PARTNER);
  SubmitOrder(cloned);
  EXPECT_EQ(billing_.requests.back().lines(0).subscription(), billing_.subscription.name());
}

}  // namespace
}  // namespace countersign::order
