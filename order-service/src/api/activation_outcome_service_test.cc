#include "order-service/src/api/activation_outcome_service.h"

#include <string>

#include "countersign/order/v1/activation_outcome_service.grpc.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

class ActivationOutcomeServiceTest : public ApiTest {
 protected:
  using OutcomeStub = v1::ActivationOutcomeService::Stub;
  using Request = v1::ApplyActivationOutcomeRequest;

  static Request OutcomeOf(const v1::Order& order, Request::Outcome outcome) {
    Request request;
    request.set_order(order.name());
    request.set_revision(order.revision());
    request.set_outcome(outcome);
    request.set_request_id(NewRequestId());
    if (outcome == Request::OUTCOME_ACTIVATED) {
      request.add_subscriptions(order.billing_account() + "/subscriptions/0190a5b2-7c3d-7e4f-8a6b-00000000000a");
    } else {
      request.set_reason("the account is closed");
    }
    return request;
  }

  absl::Status Apply(const Request& request) {
    return Call(&OutcomeStub::ApplyActivationOutcome, request, kBillingService).status();
  }
};

TEST_F(ActivationOutcomeServiceTest, AnActivationThatCameLateCompletesTheOrderOnce) {
  const v1::Order order = ConfirmedOrder();
  const Request request = OutcomeOf(order, Request::OUTCOME_ACTIVATED);
  EXPECT_OK(Apply(request));
  EXPECT_EQ(Read(order).state(), v1::Order::STATE_COMPLETED);
  EXPECT_THAT(Read(order).subscriptions(), ElementsAre(request.subscriptions(0)));
  EXPECT_OK(Apply(OutcomeOf(order, Request::OUTCOME_ACTIVATED)));
  EXPECT_EQ(EventTypes().size(), 4);
  EXPECT_THAT(Apply(OutcomeOf(order, Request::OUTCOME_ABANDONED)), HasReason("ORDER_STATE"));
}

TEST_F(ActivationOutcomeServiceTest, AnAbandonedActivationCancelsTheOrderForGood) {
  const v1::Order order = ConfirmedOrder();
  EXPECT_OK(Apply(OutcomeOf(order, Request::OUTCOME_ABANDONED)));
  EXPECT_EQ(Read(order).state(), v1::Order::STATE_CANCELLED);
  EXPECT_EQ(Read(order).state_reason(), "the account is closed");
  EXPECT_EQ(EventTypes().back(), "ORDER_CANCELLED");
  EXPECT_OK(Apply(OutcomeOf(order, Request::OUTCOME_ABANDONED)));
  EXPECT_THAT(Apply(OutcomeOf(order, Request::OUTCOME_ACTIVATED)), HasReason("ORDER_STATE"));
  EXPECT_EQ(EventTypes().size(), 4);
}

TEST_F(ActivationOutcomeServiceTest, RefusesTheOutcomeOfAnOrderThatNobodyConfirmed) {
  const v1::Order waiting = WaitingOrder().order();
  EXPECT_THAT(Apply(OutcomeOf(waiting, Request::OUTCOME_ABANDONED)), HasReason("ORDER_STATE"));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(waiting)));
  EXPECT_THAT(Apply(OutcomeOf(waiting, Request::OUTCOME_ABANDONED)), HasReason("ORDER_STATE"));
  v1::Order other = ConfirmedOrder();
  other.set_revision(2);
  EXPECT_THAT(Apply(OutcomeOf(other, Request::OUTCOME_ACTIVATED)), HasReason("ORDER_STATE"));
}

TEST_F(ActivationOutcomeServiceTest, NamesEveryBadField) {
  ExpectViolations(Apply(Request()), {"order", "revision", "outcome", "reason", "request_id"});
  Request request = OutcomeOf(ConfirmedOrder(), Request::OUTCOME_ACTIVATED);
  request.add_subscriptions("subscriptions/1");
  request.set_reason("why not");
  ExpectViolations(Apply(request), {"subscriptions[1]", "reason"});
}

}  // namespace
}  // namespace countersign::order
