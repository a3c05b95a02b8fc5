#include "order-service/src/domain/order_state.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

using enum OrderState;
using enum OrderAct;

// domain.md's own list.
const std::map<std::pair<OrderState, OrderAct>, OrderState> kContract = {
    {{kDraft, kSubmit}, kAwaitingConfirmation},
    {{kDraft, kRevise}, kDraft},
    {{kDraft, kCancel}, kCancelled},
    {{kAwaitingConfirmation, kReissueLink}, kAwaitingConfirmation},
    {{kAwaitingConfirmation, kConfirm}, kConfirmed},
    {{kAwaitingConfirmation, kDecline}, kDeclined},
    {{kAwaitingConfirmation, kExpire}, kExpired},
    {{kAwaitingConfirmation, kCancel}, kCancelled},
    {{kAwaitingConfirmation, kRevise}, kDraft},
    {{kExpired, kRevise}, kDraft},
    {{kDeclined, kRevise}, kDraft},
    {{kConfirmed, kComplete}, kCompleted},
    {{kConfirmed, kAbandon}, kCancelled},
};

TEST(OrderStateTest, HasTheContractsEdgesAndNoOther) {
  for (const OrderState from : kOrderStates) {
    for (const OrderAct act : kOrderActs) {
      SCOPED_TRACE(absl::StrCat(Name(from), " by act ", static_cast<int>(act)));
      const auto next = Next(from, act);
      const auto edge = kContract.find({from, act});
      if (edge != kContract.end()) {
        ASSERT_OK(next);
        EXPECT_EQ(*next, edge->second);
      } else {
        EXPECT_THAT(next, StatusIs(absl::StatusCode::kFailedPrecondition));
        EXPECT_THAT(next, HasReason("ORDER_STATE"));
      }
    }
  }
}

TEST(OrderStateTest, ARefusedEdgeNamesTheState) {
  const absl::Status status = Next(kCompleted, kCancel).status();
  EXPECT_EQ(status.message(), "the order is COMPLETED and cannot be cancelled");
  EXPECT_EQ(DetailsOf(status).metadata, (ErrorMetadata{{"state", "COMPLETED"}}));
}

TEST(OrderStateTest, NamesReadBack) {
  for (const OrderState state : kOrderStates) EXPECT_EQ(*ParseOrderState(Name(state)), state);
  EXPECT_THAT(ParseOrderState("LOST"), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace countersign::order
