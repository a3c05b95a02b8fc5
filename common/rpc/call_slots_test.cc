#include "common/rpc/call_slots.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

Caller Partner(const std::string& name) { return {.role = Role::kPartner, .name = "partners/" + name, .partner = {}}; }

class CallSlotsTest : public ::testing::Test {
 protected:
  // How many of `count` calls get a slot. They keep it.
  int Take(const std::string& partner, int count) {
    int taken = 0;
    for (int i = 0; i < count; ++i) {
      auto slot = slots_.TakeForCall(Partner(partner));
      if (!slot.ok()) continue;
      held_.push_back(*std::move(slot));
      ++taken;
    }
    return taken;
  }
  int TakeForKeys(const std::string& address, int count) {
    int taken = 0;
    for (int i = 0; i < count; ++i) {
      auto slot = slots_.TakeForKey(address);
      if (!slot.ok()) continue;
      held_.push_back(*std::move(slot));
      ++taken;
    }
    return taken;
  }

  CallSlots slots_{64};
  std::vector<CallSlots::Slot> held_;
};

TEST_F(CallSlotsTest, APartnerGetsAQuarter) {
  EXPECT_EQ(Take("flood", 100), 16);
  EXPECT_EQ(Take("other", 10), 10);
  const auto refused = slots_.TakeForCall(Partner("flood"));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, HasReason("TOO_MANY_CALLS"));
}

TEST_F(CallSlotsTest, WhatEndsMakesRoom) {
  Take("flood", 100);
  held_.clear();
  EXPECT_EQ(Take("flood", 100), 16);
}

TEST_F(CallSlotsTest, AllPartnersTogetherLeaveAQuarterAndNobodyGetsNothing) {
  int taken = 0;
  for (int i = 0; i < 4; ++i) taken += Take(absl::StrCat("flood", i), 100);
  EXPECT_EQ(taken, 42);  // 16, 16, 8, and 2 of the last, which would have had nothing.
  EXPECT_EQ(Take("modest", 10), SlotShares::kAlways);
  for (int i = 0; i < 100; ++i) taken += Take(absl::StrCat("many", i), 1);
  EXPECT_EQ(taken + SlotShares::kAlways, 48);
}

TEST_F(CallSlotsTest, ServicesAndOperatorsAreNotLimited) {
  for (int i = 0; i < 4; ++i) Take(absl::StrCat("flood", i), 100);
  for (const Role role : {Role::kService, Role::kOperator, Role::kViewer}) {
    for (int i = 0; i < 100; ++i) {
      auto slot = slots_.TakeForCall({.role = role, .name = "services/link-service", .partner = {}});
      ASSERT_OK(slot.status());
      held_.push_back(*std::move(slot));
    }
  }
}

TEST_F(CallSlotsTest, MadeUpKeysKeepNeitherKnownKeysNorCallsOut) {
  EXPECT_EQ(TakeForKeys("192.0.2.1", 300), 16);
  EXPECT_THAT(slots_.TakeForKey("192.0.2.1"), HasReason("KEY_NOT_VERIFIED"));
  EXPECT_EQ(TakeForKeys("192.0.2.2", 300), 8);
  EXPECT_EQ(TakeForKeys("192.0.2.3", 300), 0);
  EXPECT_EQ(TakeForKeys("", 300), 32);  // Of keys that were good a moment ago.
  EXPECT_EQ(Take("known", 10), 10);
}

TEST_F(CallSlotsTest, AFewThreadsAreSharedToo) {
  slots_.SetSlots(4);
  EXPECT_EQ(Take("flood", 100), 2);
  EXPECT_EQ(Take("other", 100), 1);
  EXPECT_EQ(TakeForKeys("192.0.2.1", 100), 1);
}

}  // namespace
}  // namespace countersign::rpc
