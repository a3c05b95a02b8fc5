#include "common/events/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/cursor.h"
#include "common/events/event_log.h"
#include "common/events/held_delivery.h"
#include "common/events/lease.h"
#include "common/events/log_fixture.h"
#include "common/events/relay_fixture.h"

namespace countersign::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(RelayTest, DeliversAnAggregatesEventsInTheOrderOfVersions) {
  Receiver other;
  for (int i = 0; i < 10; ++i) CommitVersions(Id(absl::StrCat("tenant ", i)), Id(absl::StrCat(i)), 5);
  const auto relay = NewRelay({receiver_.AsConsumer("billing"), other.AsConsumer("link")});
  ASSERT_OK(relay->Drain(Deadline()));
  CommitVersions(tenant_, first_, 3);
  ASSERT_OK(relay->Drain(Deadline()));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(receiver_.VersionsOf(Id(absl::StrCat(i))), UpTo(5));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(3));
  EXPECT_EQ(other.accepted(), 53);
}

TEST_F(RelayTest, WhatDoesNotConcernAConsumerIsPassedOverAndItsCursorFollows) {
  Consumer consumer = receiver_.AsConsumer("billing");
  consumer.concerns = [](const Event& event) { return event.version == 2; };
  const auto relay = NewRelay({consumer});
  relay->Start();
  CommitVersions(tenant_, first_, 5);
  CommitVersions(tenant_, second_, 1);
  ASSERT_TRUE(receiver_.WaitFor(1));
  while (schema().Query("SELECT position FROM cursors WHERE bucket = ?", {BucketOf(tenant_)})[0].Int(0) < 6) {
    std::this_thread::yield();
  }
  relay->Stop();
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(2));
  EXPECT_THAT(receiver_.VersionsOf(second_), IsEmpty());
}

TEST_F(RelayTest, WhatMayWaitComesLaterAndNothingOfItIsLost) {
  Consumer consumer = receiver_.AsConsumer("link");
  consumer.may_wait = [](const Event&) { return true; };
  const auto relay = NewRelay({consumer});
  relay->Start();
  CommitVersions(tenant_, first_, 3);
  CommitVersions(tenant_, second_, 1);
  ASSERT_TRUE(receiver_.WaitFor(4));
  relay->Stop();
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(3));
  EXPECT_THAT(receiver_.VersionsOf(second_), ElementsAre(1));
}

TEST_F(RelayTest, DeliversOnceAcrossRestarts) {
  CommitVersions(tenant_, first_, 3);
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")})->Drain(Deadline()));
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")})->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(3));
}

TEST_F(RelayTest, DeliversWhatAnotherHolderOfTheBucketSealed) {
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  CommitVersions(tenant_, first_, 1);
  ASSERT_OK(relay->Drain(Deadline()));
  ASSERT_OK(CommitEvents({MakeEvent(tenant_, first_, 2)}));
  ASSERT_OK(NewRelay({})->Drain(Deadline()));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(2));
}

TEST_F(RelayTest, DeliversALongLogToANewConsumer) {
  std::vector<Event> events;
  for (int version = 1; version <= 350; ++version) events.push_back(MakeEvent(tenant_, first_, version));
  ASSERT_OK(CommitEvents(events));
  ASSERT_OK(NewRelay({})->Drain(Deadline()));
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")})->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(350));
}

// A worker that does not know of the new epoch yet must not move the cursor forward again: neither alone nor together
// with others.
TEST_F(RelayTest, ARewindStandsAgainstACursorThatIsStoredAtTheSameTime) {
  CommitVersions(tenant_, first_, 3);
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")})->Drain(Deadline()));
  const int bucket = BucketOf(tenant_);
  const int64_t epoch = schema().Query(absl::StrCat("SELECT epoch FROM leases WHERE bucket = ", bucket)).at(0).Int(0);
  const auto rewinder = schema().Connect();
  ASSERT_OK(rewinder->Run("START TRANSACTION"));
  ASSERT_OK(Leases::Fence(*rewinder, bucket));
  ASSERT_OK(rewinder->Run(absl::StrCat("UPDATE cursors SET position = 0 WHERE bucket = ", bucket)));
  absl::Status alone;
  absl::StatusOr<bool> together = true;
  std::thread worker([&] {
    alone = db().Autocommit(Deadline(), [&](mysql::Connection& connection) {
      return StoreCursor(connection, bucket, "billing", 3, epoch);
    });
  });
  std::thread another([&] {
    EXPECT_OK(db().Autocommit(Deadline(), [&](mysql::Connection& connection) {
      together = StoreCursors(connection, "billing", {{.bucket = bucket, .position = 3, .epoch = epoch}});
      return together.status();
    }));
  });
  absl::SleepFor(absl::Milliseconds(200));  // The workers' statements have begun, and wait.
  ASSERT_OK(rewinder->Run("COMMIT"));
  worker.join();
  another.join();
  EXPECT_TRUE(IsLostRace(alone)) << alone;
  EXPECT_FALSE(*together);
  EXPECT_EQ(schema().Query(absl::StrCat("SELECT position FROM cursors WHERE bucket = ", bucket)).at(0).Int(0), 0);
}

TEST_F(RelayTest, CursorsOfManyBucketsAreStoredTogetherEachUnderItsOwnLease) {
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")})->Drain(Deadline()));
  std::vector<CursorMove> moves;
  for (int bucket = 0; bucket < 5; ++bucket) {
    const int64_t epoch = schema().Query(absl::StrCat("SELECT epoch FROM leases WHERE bucket = ", bucket)).at(0).Int(0);
    moves.push_back({.bucket = bucket, .position = 100 + bucket, .epoch = epoch});
  }
  const auto store = [&] {
    bool all = false;
    EXPECT_OK(db().Autocommit(Deadline(), [&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(all, StoreCursors(connection, "billing", moves));
      return absl::OkStatus();
    }));
    return all;
  };
  const auto position = [&](int bucket) {
    return schema()
        .Query(absl::StrCat("SELECT position FROM cursors WHERE consumer = 'billing' AND bucket = ", bucket))
        .at(0)
        .Int(0);
  };
  EXPECT_TRUE(store());
  for (int bucket = 0; bucket < 5; ++bucket) EXPECT_EQ(position(bucket), 100 + bucket);
  EXPECT_EQ(position(5), 0);
  for (CursorMove& move : moves) move.position += 100;
  moves[2].epoch += 1;
  EXPECT_FALSE(store());
  EXPECT_EQ(position(1), 201);
  EXPECT_EQ(position(2), 102) << "its lease has another epoch";
  EXPECT_EQ(position(3), 203);
  moves[2].epoch -= 1;
  for (CursorMove& move : moves) move.position -= 1;
  EXPECT_TRUE(store());
  EXPECT_EQ(position(2), 201);
  EXPECT_EQ(position(3), 203) << "another worker of the lease's holder was further already";
}

TEST_F(RelayTest, ThreadsDeliverWhatIsCommittedWhileTheyRun) {
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  relay->Start();
  for (int i = 0; i < 20; ++i) CommitVersions(Id(absl::StrCat("tenant ", i)), Id(absl::StrCat(i)), 3);
  EXPECT_TRUE(receiver_.WaitFor(60));
  relay->Stop();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(receiver_.VersionsOf(Id(absl::StrCat(i))), UpTo(3));
  // Everything was given back, and the cursors are where the deliveries were.
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")}, "b")->Drain(Deadline()));
  EXPECT_EQ(receiver_.accepted(), 60);
}

TEST_F(RelayTest, ThreadsRetryAfterAPauseAndAtTheOperatorsWord) {
  receiver_.Answer(first_, 1, Refused());
  receiver_.AnswerAll(Down());
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  relay->Start();
  CommitVersions(tenant_, first_, 2);
  CommitVersions(tenant_, second_, 2);
  receiver_.AnswerAll(absl::OkStatus());
  EXPECT_TRUE(receiver_.WaitFor(2));
  while (Held().empty() || !Held()[0].parked) std::this_thread::yield();
  receiver_.Answer(first_, 1, absl::OkStatus());
  // Through another replica's door: the holder finds the row.
  ASSERT_OK(Do(Retried, *NewRelay({receiver_.AsConsumer("billing")}, "b")));
  EXPECT_TRUE(receiver_.WaitFor(4));
  relay->Stop();
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(2));
  EXPECT_EQ(receiver_.VersionsOf(second_), UpTo(2));
}

TEST_F(RelayTest, AConsumerThatHangsHoldsBackNoOther) {
  absl::Notification release;
  Receiver other;
  const Consumer hanging{.name = "billing", .deliver = [&](const Event&, absl::Time) {
                           release.WaitForNotification();
                           return absl::OkStatus();
                         }};
  const auto relay = NewRelay({hanging, other.AsConsumer("link")});
  relay->Start();
  for (int i = 0; i < 20; ++i) CommitVersions(Id(absl::StrCat("tenant ", i)), Id(absl::StrCat(i)), 2);
  EXPECT_TRUE(other.WaitFor(40));
  release.Notify();
  relay->Stop();
}

TEST_F(RelayTest, TwoRelaysLoseNothingAndKeepTheOrder) {
  constexpr absl::Duration kLease = absl::Seconds(6);  // b looks for free buckets every third of it.
  const std::unique_ptr<mysql::Database> second_database = mysql::OpenDatabase(schema().options());
  const auto a = NewRelay({receiver_.AsConsumer("billing")}, "a", {}, db(), kLease);
  const auto b = NewRelay({receiver_.AsConsumer("billing")}, "b", {}, *second_database, kLease);
  a->Start();
  b->Start();
  constexpr int kTenants = 16;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 2; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = writer; i < kTenants; i += 2) {
        CommitVersions(Id(absl::StrCat("tenant ", i)), Id(absl::StrCat(i)), 10);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  a->Stop();  // In the middle of things; b takes over.
  // What a delivered last is known to b, because a gave its leases back in peace.
  EXPECT_TRUE(receiver_.WaitFor(kTenants * 10));
  b->Stop();
  for (int i = 0; i < kTenants; ++i) EXPECT_EQ(receiver_.VersionsOf(Id(absl::StrCat(i))), UpTo(10)) << i;
  const std::unique_ptr<mysql::Connection> connection = schema().Connect();
  for (int bucket = 0; bucket < kBuckets; ++bucket) EXPECT_OK(VerifyChain(*connection, bucket));
}

// By mistake. The second takes everything from the first, which is in the middle of its work; then they share.
TEST_F(RelayTest, TwoRelaysOfOneNameDeliverEverything) {
  constexpr int kTenants = 16;
  constexpr int kVersions = 10;
  const std::unique_ptr<mysql::Database> second_database = mysql::OpenDatabase(schema().options());
  const auto first = NewRelay({receiver_.AsConsumer("billing")}, NewOwner("a"));
  const auto second = NewRelay({receiver_.AsConsumer("billing")}, NewOwner("a"), {}, *second_database);
  first->Start();
  for (int i = 0; i < kTenants; ++i) {
    if (i == kTenants / 2) second->Start();
    CommitVersions(Id(absl::StrCat("tenant ", i)), Id(absl::StrCat(i)), kVersions);
  }
  for (int i = 0; i < kTenants; ++i) {
    const auto last_came = [&] {
      const std::vector<int64_t> versions = receiver_.VersionsOf(Id(absl::StrCat(i)));
      return std::count(versions.begin(), versions.end(), kVersions) > 0;
    };
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    while (!last_came() && absl::Now() < give_up) std::this_thread::yield();
    // What was taken from the first in the middle comes twice.
    std::vector<int64_t> news;
    for (const int64_t version : receiver_.VersionsOf(Id(absl::StrCat(i)))) {
      if (news.empty() || version > news.back()) news.push_back(version);
    }
    EXPECT_EQ(news, UpTo(kVersions)) << i;
  }
  first->Stop();
  second->Stop();
  const std::unique_ptr<mysql::Connection> connection = schema().Connect();
  for (int bucket = 0; bucket < kBuckets; ++bucket) EXPECT_OK(VerifyChain(*connection, bucket));
}

// Its next renewal is an hour away.
TEST_F(RelayTest, TakesWhatAnotherReplicaGivesBackAtTheNextPoll) {
  const std::unique_ptr<mysql::Database> second_database = mysql::OpenDatabase(schema().options());
  Leases elsewhere(*second_database, "b", absl::Hours(3));
  ASSERT_OK(elsewhere.Refresh(Deadline(), [](int) { return true; }));
  const auto relay = NewRelay({receiver_.AsConsumer("billing")}, "a", {}, db(), /*lease=*/absl::Hours(3));
  relay->Start();
  CommitVersions(tenant_, first_, 1);
  while (schema().Query("SELECT COUNT(*) FROM lease_owners").at(0).Int(0) < 2) std::this_thread::yield();
  ASSERT_OK(elsewhere.Release(Deadline()));
  EXPECT_TRUE(receiver_.WaitFor(1));
  relay->Stop();
}

TEST_F(RelayTest, RunsATaskForEveryHeldBucket) {
  absl::Mutex mutex;
  std::set<int> seen;
  const BucketTask task{.name = "count", .interval = absl::Milliseconds(1), .run = [&](int bucket, absl::Time) {
                          absl::MutexLock lock(&mutex);
                          seen.insert(bucket);
                          return absl::OkStatus();
                        }};
  const auto relay = NewRelay({}, "a", {task});
  relay->Start();
  const auto all_seen = [&] { return seen.size() == kBuckets; };
  {
    absl::MutexLock lock(&mutex);
    EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&all_seen), absl::Seconds(60)));
  }
  relay->Stop();
}

TEST_F(RelayTest, ACommitCanHaveATaskTakeItsTurnAtOnce) {
  absl::Mutex mutex;
  int turns = 0;
  const BucketTask task{.name = "count", .interval = absl::Hours(1), .run = [&](int bucket, absl::Time) {
                          absl::MutexLock lock(&mutex);
                          turns += bucket == 7 ? 1 : 0;
                          return absl::OkStatus();
                        }};
  const auto relay = NewRelay({}, "a", {task});
  relay->Start();
  const auto at_least = [&](int count) {
    absl::MutexLock lock(&mutex);
    const auto reached = [&] { return turns >= count; };
    return mutex.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(60));
  };
  EXPECT_TRUE(at_least(1));  // When the bucket came under its lease; the next is an hour away.
  relay->WakeTask("nobody", 7);
  relay->WakeTask("count", 7);
  EXPECT_TRUE(at_least(2));
  relay->Stop();
}

}  // namespace
}  // namespace countersign::events
