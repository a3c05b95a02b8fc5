#include "order-service/src/domain/order_state.h"

#include <map>
#include <optional>
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

// The list of docs/domain.md.
const std::map<std::pair<OrderState, OrderAct>, OrderState> kContract = {
    {{kDraft, kSubmit}, kAwaitingConfirmation},
    {{kDraft, kUpdate}, kDraft},
    {{kDraft, kRevise}, kDraft},
    {{kDraft, kCancel}, kCancelled},
    {{kAwaitingConfirmation, kReissueLink}, kAwaitingConfirmation},
    {{kAwaitingConfirmation, kExtendExpiry}, kAwaitingConfirmation},
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
  for (const auto& [from, from_name] : kOrderStates) {
    for (const auto& [act, act_name] : kOrderActs) {
      SCOPED_TRACE(absl::StrCat(from_name, " to be ", act_name));
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
  EXPECT_EQ(status.message(), "The order is COMPLETED and cannot be cancelled.");
  EXPECT_EQ(DetailsOf(status).metadata, (ErrorMetadata{{"state", "COMPLETED"}}));
}

TEST(OrderStateTest, NamesReadBack) {
  for (const auto& [state, name] : kOrderStates) {
    EXPECT_EQ(NameOf(state), name);
    EXPECT_EQ(FindNamed(kOrderStates, name), state);
  }
  EXPECT_EQ(FindNamed(kOrderStates, "LOST"), std::nullopt);
}

}  // namespace
}  // namespace countersign::order
