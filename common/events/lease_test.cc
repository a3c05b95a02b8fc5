#include "common/events/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/log_fixture.h"
#include "common/events/owner.h"

namespace countersign::events {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kLong = absl::Hours(1);

bool Idle(int) { return true; }
bool Busy(int) { return false; }

class LeasesTest : public LogTest {
 protected:
  // Lets all leases and owners of the schema run out.
  static void RunOut() {
    schema().Execute("UPDATE leases SET lease_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
    schema().Execute("UPDATE lease_owners SET seen_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
  }
  static absl::Status Refresh(Leases& leases) { return leases.Refresh(Deadline(), Idle); }
};

TEST_F(LeasesTest, TheOnlyReplicaTakesAllBuckets) {
  Leases a(db(), "a", kLong);
  EXPECT_THAT(a.HeldBuckets(), IsEmpty());
  ASSERT_OK(Refresh(a));
  EXPECT_THAT(a.HeldBuckets(), SizeIs(kBuckets));
  const std::optional<int64_t> epoch = a.EpochOf(0);
  ASSERT_OK(Refresh(a));
  EXPECT_EQ(a.EpochOf(0), epoch);  // A renewal is no change of hands.
}

TEST_F(LeasesTest, ARestartedReplicaTakesItsOwnBackAtOnceAndFencesItsFormerLife) {
  Leases before(db(), NewOwner("a"), kLong);
  ASSERT_OK(Refresh(before));
  Leases after(db(), NewOwner("a"), kLong);
  ASSERT_OK(Refresh(after));
  EXPECT_THAT(after.HeldBuckets(), SizeIs(kBuckets));
  EXPECT_EQ(*after.EpochOf(5), *before.EpochOf(5) + 1);
}

TEST_F(LeasesTest, TwoProcessesWithOneNameShareAsTwoReplicasAndTheFirstSaysSo) {
  const std::string first_owner = NewOwner("a");
  const std::string second_owner = NewOwner("a");
  Leases first(db(), first_owner, kLong);
  Leases second(db(), second_owner, kLong);
  ASSERT_OK(Refresh(first));
  ASSERT_OK(Refresh(second));
  EXPECT_THAT(second.HeldBuckets(), SizeIs(kBuckets));

  ::testing::internal::CaptureStderr();
  ASSERT_OK(Refresh(first));
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, AllOf(HasSubstr("another process has this replica's name"), HasSubstr(first_owner),
                         HasSubstr(second_owner)));
  EXPECT_THAT(first.HeldBuckets(), IsEmpty());

  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Refresh(second));
    ASSERT_OK(Refresh(first));
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");  // Once is enough.
  EXPECT_THAT(first.HeldBuckets(), SizeIs(kBuckets / 2));
  EXPECT_THAT(second.HeldBuckets(), SizeIs(kBuckets / 2));
  for (const int bucket : first.HeldBuckets()) EXPECT_EQ(second.EpochOf(bucket), std::nullopt);
}

TEST_F(LeasesTest, AReplicaWhoseNameBeginsLikeAnothersTakesNothingFromIt) {
  Leases a(db(), NewOwner("billing-1"), kLong);
  Leases b(db(), NewOwner("billing-10"), kLong);
  ASSERT_OK(Refresh(b));
  ASSERT_OK(Refresh(a));
  EXPECT_THAT(b.HeldBuckets(), SizeIs(kBuckets));
  EXPECT_THAT(a.HeldBuckets(), IsEmpty());
}

TEST_F(LeasesTest, ForgetsOwnersThatNobodyHasHeardOfForADay) {
  schema().Execute("INSERT INTO lease_owners (owner, seen_until) VALUES ('gone', '2009-06-01')");
  Leases a(db(), NewOwner("a"), kLong);
  ASSERT_OK(Refresh(a));
  EXPECT_THAT(schema().Query("SELECT owner FROM lease_owners"), SizeIs(1));
}

TEST_F(LeasesTest, AnotherReplicaTakesOnlyWhatHasRunOut) {
  Leases a(db(), "a", kLong);
  ASSERT_OK(Refresh(a));
  Leases b(db(), "b", kLong);
  ASSERT_OK(Refresh(b));
  EXPECT_THAT(b.HeldBuckets(), IsEmpty());
  RunOut();
  ASSERT_OK(Refresh(b));
  EXPECT_THAT(b.HeldBuckets(), SizeIs(kBuckets));  // It is the only one alive.
  EXPECT_EQ(*b.EpochOf(5), *a.EpochOf(5) + 1);
}

TEST_F(LeasesTest, TwoReplicasShareFairly) {
  Leases a(db(), "a", kLong);
  Leases b(db(), "b", kLong);
  ASSERT_OK(Refresh(a));
  ASSERT_OK(Refresh(b));
  ASSERT_OK(Refresh(a));  // Sees b, and stops working on half of its buckets.
  EXPECT_THAT(a.HeldBuckets(), SizeIs(kBuckets / 2));
  ASSERT_OK(Refresh(b));
  EXPECT_THAT(b.HeldBuckets(), IsEmpty());
  ASSERT_OK(Refresh(a));  // Gives them back.
  ASSERT_OK(Refresh(b));
  EXPECT_THAT(b.HeldBuckets(), SizeIs(kBuckets / 2));
  for (const int bucket : b.HeldBuckets()) EXPECT_EQ(a.EpochOf(bucket), std::nullopt);
}

TEST_F(LeasesTest, KeepsABucketThatIsStillWorkedOn) {
  Leases a(db(), "a", kLong);
  Leases b(db(), "b", kLong);
  ASSERT_OK(Refresh(a));
  ASSERT_OK(Refresh(b));
  ASSERT_OK(Refresh(a));
  ASSERT_OK(a.Refresh(Deadline(), Busy));
  ASSERT_OK(Refresh(b));
  EXPECT_THAT(b.HeldBuckets(), IsEmpty());
}

TEST_F(LeasesTest, ReleasedBucketsAreFreeAtOnce) {
  Leases a(db(), "a", kLong);
  ASSERT_OK(Refresh(a));
  ASSERT_OK(a.Release(Deadline()));
  EXPECT_THAT(a.HeldBuckets(), IsEmpty());
  Leases b(db(), "b", kLong);
  ASSERT_OK(Refresh(b));
  EXPECT_THAT(b.HeldBuckets(), SizeIs(kBuckets));
}

TEST_F(LeasesTest, HoldsNothingThatMayHaveRunOut) {
  Leases a(db(), "a", absl::ZeroDuration());
  ASSERT_OK(Refresh(a));
  EXPECT_THAT(a.HeldBuckets(), IsEmpty());
  EXPECT_EQ(a.EpochOf(0), std::nullopt);
}

TEST_F(LeasesTest, ALapseIsAStateAndItsRenewalANewTermUnderTheSameEpoch) {
  absl::Duration now = absl::Hours(1);
  Leases a(db(), "a", absl::Seconds(10), [&] { return now; });
  EXPECT_EQ(a.StateOf(5), LeaseState::kNone);
  ASSERT_OK(Refresh(a));
  EXPECT_EQ(a.StateOf(5), LeaseState::kHeld);
  const std::optional<int64_t> epoch = a.EpochOf(5);
  const int64_t term = a.TermOf(5);

  now += absl::Seconds(5);
  ASSERT_OK(Refresh(a));
  EXPECT_EQ(a.TermOf(5), term);  // In good time.

  now += absl::Seconds(10);
  EXPECT_EQ(a.StateOf(5), LeaseState::kLapsed);
  EXPECT_EQ(a.EpochOf(5), std::nullopt);
  EXPECT_THAT(a.HeldBuckets(), IsEmpty());
  ASSERT_OK(Refresh(a));
  EXPECT_EQ(a.StateOf(5), LeaseState::kHeld);
  EXPECT_EQ(a.EpochOf(5), epoch);
  EXPECT_GT(a.TermOf(5), term);
}

TEST_F(LeasesTest, ABucketThatIsKeptAfterAllIsANewTerm) {
  Leases a(db(), "a", kLong);
  Leases b(db(), "b", kLong);
  ASSERT_OK(Refresh(a));
  ASSERT_OK(Refresh(b));
  ASSERT_OK(Refresh(a));
  EXPECT_EQ(a.StateOf(63), LeaseState::kLeaving);
  const int64_t term = a.TermOf(63);
  ASSERT_OK(b.Release(Deadline()));
  ASSERT_OK(a.Refresh(Deadline(), Busy));
  EXPECT_EQ(a.StateOf(63), LeaseState::kHeld);
  EXPECT_GT(a.TermOf(63), term);
}

}  // namespace
}  // namespace countersign::events
