#include "common/rpc/call_slots.h"

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
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
      auto slot = slots_.TakeForCall(Partner(partner), absl::InfiniteFuture());
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

  CallSlots slots_{256, absl::ZeroDuration()};
  std::vector<CallSlots::Slot> held_;
};

TEST_F(CallSlotsTest, APartnerGetsAThirtySecond) {
  EXPECT_EQ(Take("flood", 100), 8);
  EXPECT_EQ(Take("other", 5), 5);
  const auto refused = slots_.TakeForCall(Partner("flood"), absl::InfiniteFuture());
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, HasReason("TOO_MANY_CALLS"));
}

TEST_F(CallSlotsTest, WhatEndsMakesRoom) {
  Take("flood", 100);
  held_.clear();
  EXPECT_EQ(Take("flood", 100), 8);
}

TEST_F(CallSlotsTest, AllPartnersTogetherLeaveAQuarterAndNobodyGetsNothing) {
  int taken = 0;
  for (int i = 0; i < 25; ++i) taken += Take(absl::StrCat("flood", i), 100);
  EXPECT_EQ(taken, 20 * 8 + 5 * SlotShares::kAlways);  // The last five would have had nothing.
  EXPECT_EQ(Take("modest", 10), SlotShares::kAlways);
  for (int i = 0; i < 100; ++i) taken += Take(absl::StrCat("many", i), 1);
  EXPECT_EQ(taken + SlotShares::kAlways, 192);
}

TEST_F(CallSlotsTest, WhoFindsNoRoomWaitsForItAndWhoFindsNoRoomToWaitIsRefused) {
  constexpr int kWaiting = 128;  // Twice as many as slots.
  CallSlots slots(64, absl::InfiniteDuration());
  std::optional<CallSlots::Slot> first = *slots.TakeForCall(Partner("flood"), absl::InfiniteFuture());
  std::optional<CallSlots::Slot> second = *slots.TakeForCall(Partner("flood"), absl::InfiniteFuture());
  absl::Mutex mutex;
  int served = 0;
  int refused = 0;
  std::vector<std::thread> calls;
  for (int i = 0; i < kWaiting + 1; ++i) {
    calls.emplace_back([&] {
      const auto slot = slots.TakeForCall(Partner("flood"), absl::InfiniteFuture());
      absl::MutexLock lock(&mutex);
      ++(slot.ok() ? served : refused);
    });
  }
  {
    const auto one_is_refused = [&] { return refused == 1; };
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&one_is_refused));
    EXPECT_EQ(served, 0);
  }
  EXPECT_OK(slots.TakeForCall(Partner("other"), absl::InfiniteFuture()).status());
  first.reset();
  for (std::thread& call : calls) call.join();
  EXPECT_EQ(served, kWaiting);
  EXPECT_EQ(refused, 1);
}

TEST_F(CallSlotsTest, NobodyWaitsLongerThanItsDeadline) {
  CallSlots slots(64, absl::InfiniteDuration());
  const auto first = slots.TakeForCall(Partner("flood"), absl::InfiniteFuture());
  const auto second = slots.TakeForCall(Partner("flood"), absl::InfiniteFuture());
  EXPECT_THAT(slots.TakeForCall(Partner("flood"), absl::Now()), HasReason("TOO_MANY_CALLS"));
}

TEST_F(CallSlotsTest, ServicesAndOperatorsAreNotLimited) {
  for (int i = 0; i < 25; ++i) Take(absl::StrCat("flood", i), 100);
  for (const Role role : {Role::kService, Role::kOperator, Role::kViewer}) {
    for (int i = 0; i < 100; ++i) {
      auto slot =
          slots_.TakeForCall({.role = role, .name = "services/link-service", .partner = {}}, absl::InfiniteFuture());
      ASSERT_OK(slot.status());
      held_.push_back(*std::move(slot));
    }
  }
}

TEST_F(CallSlotsTest, MadeUpKeysKeepNeitherKnownKeysNorCallsOut) {
  EXPECT_EQ(TakeForKeys("192.0.2.1", 300), 64);
  EXPECT_THAT(slots_.TakeForKey("192.0.2.1"), HasReason("KEY_NOT_VERIFIED"));
  EXPECT_EQ(TakeForKeys("192.0.2.2", 300), 32);
  EXPECT_EQ(TakeForKeys("192.0.2.3", 300), 0);
  EXPECT_EQ(TakeForKeys("", 300), 128);  // Of keys that were good a moment ago.
  EXPECT_EQ(Take("known", 5), 5);
}

TEST_F(CallSlotsTest, AFewThreadsAreSharedToo) {
  slots_.SetSlots(4);
  EXPECT_EQ(Take("flood", 100), 2);
  EXPECT_EQ(Take("other", 100), 1);
  EXPECT_EQ(TakeForKeys("192.0.2.1", 100), 1);
}

}  // namespace
}  // namespace countersign::rpc
