#include "common/events/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/cursor.h"
#include "common/events/event_log.h"
#include "common/events/held_delivery.h"
#include "common/events/lease.h"
#include "common/events/log_fixture.h"
#include "common/events/owner.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Status kDown = absl::UnavailableError("down");
const absl::Status kRefused = absl::InvalidArgumentError("poison \xff");
const absl::Status kBroken = absl::InternalError("broken");

std::vector<int64_t> UpTo(int64_t last) {
  std::vector<int64_t> versions(last);
  std::iota(versions.begin(), versions.end(), 1);
  return versions;
}

class RelayTest : public LogTest {
 protected:
  static std::unique_ptr<Relay> NewRelay(std::vector<Consumer> consumers, const std::string& owner = "a",
                                         std::vector<BucketTask> tasks = {}, mysql::Database& database = db(),
                                         absl::Duration lease = absl::Seconds(30)) {
    RelayOptions options;
    if (ReplicaOf(owner) == "a") options.committer = &committer();  // The others are replicas elsewhere.
    options.owner = owner;
    options.lease = lease;
    options.poll = absl::Milliseconds(20);
    options.cursor_lag = absl::Milliseconds(20);
    return MakeRelay(database, options, std::move(consumers), std::move(tasks));
  }
  static mysql::Page<HeldDelivery> Held(const mysql::PageQuery& query) {
    auto held = ListHeld(db(), Deadline(), query);
    EXPECT_OK(held.status());
    return held.ok() ? *std::move(held) : mysql::Page<HeldDelivery>();
  }
  static std::vector<HeldDelivery> Held() { return Held({.size = 100}).items; }

  // What an operator does with the first aggregate's delivery to billing.
  absl::Status Do(HeldDelivery (*verb)(const WaitingDelivery&), Relay& relay) {
    WaitingDelivery waiting;
    RETURN_IF_ERROR(db().Read(Deadline(), [&](mysql::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(waiting, FindHeld(reader, tenant_, first_, "billing"));
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(db().Transact(
        Deadline(), [&](mysql::Connection& connection) { return ReplaceHeld(connection, waiting, verb(waiting)); }));
    relay.LookNow();
    return absl::OkStatus();
  }

  const Uuid tenant_ = Id("tenant");
  const Uuid first_ = Id("first");
  const Uuid second_ = Id("second");
  Receiver receiver_;
};

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

TEST_F(RelayTest, PoisonIsParkedAndHoldsBackItsOwnAggregateOnly) {
  receiver_.Answer(first_, 2, kRefused);
  CommitVersions(tenant_, first_, 4);
  CommitVersions(tenant_, second_, 4);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(1));
  EXPECT_EQ(receiver_.VersionsOf(second_), UpTo(4));
  const std::vector<HeldDelivery> held = Held();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_TRUE(held[0].parked);
  EXPECT_EQ(held[0].aggregate, first_);
  EXPECT_EQ(held[0].consumer, "billing");
  EXPECT_EQ(held[0].version, 2);
  EXPECT_EQ(held[0].attempts, 1);
  EXPECT_THAT(held[0].last_error, ::testing::HasSubstr("poison ?"));
}

TEST_F(RelayTest, RetryDeliversTheRestInOrder) {
  receiver_.Answer(first_, 2, kRefused);
  CommitVersions(tenant_, first_, 4);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  receiver_.Answer(first_, 2, absl::OkStatus());
  receiver_.Answer(first_, 4, kRefused);
  ASSERT_OK(Do(Retried, *relay));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(3));
  ASSERT_THAT(Held(), SizeIs(1));
  EXPECT_EQ(Held()[0].version, 4);

  receiver_.Answer(first_, 4, absl::OkStatus());
  ASSERT_OK(CommitEvents({MakeEvent(tenant_, first_, 5)}));
  ASSERT_OK(Do(Retried, *relay));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(5));
  EXPECT_THAT(Held(), IsEmpty());
}

TEST_F(RelayTest, RetryOfWhatIsNotHeldIsNotFound) {
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  EXPECT_THAT(Do(Retried, *relay), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RelayTest, WhatIsAbandonedNeverArrivesAndWhatFollowsDoes) {
  receiver_.Answer(first_, 2, kRefused);
  CommitVersions(tenant_, first_, 4);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  receiver_.Answer(first_, 2, absl::OkStatus());  // It would be taken now.
  ASSERT_OK(Do(Abandoned, *relay));
  ASSERT_THAT(Held(), SizeIs(1));
  EXPECT_EQ(Held()[0].version, 3);
  EXPECT_FALSE(Held()[0].parked);
  EXPECT_EQ(Held()[0].attempts, 0);
  EXPECT_EQ(Held()[0].last_error, "");
  ASSERT_OK(relay->Drain(Deadline()));
  ASSERT_OK(CommitEvents({MakeEvent(tenant_, first_, 5)}));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(1, 3, 4, 5));
  EXPECT_THAT(Held(), IsEmpty());
}

TEST_F(RelayTest, TheLastEventCanBeAbandonedAndThePausedOne) {
  receiver_.Answer(first_, 2, kBroken);
  CommitVersions(tenant_, first_, 2);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  EXPECT_FALSE(relay->Drain(Deadline()).ok());
  ASSERT_OK(Do(Abandoned, *relay));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(Held(), IsEmpty());
  ASSERT_OK(CommitEvents({MakeEvent(tenant_, first_, 3)}));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(1, 3));
}

// A worker that still has the abandoned event in hand has lost its lease: it can neither hold it again nor move on.
TEST_F(RelayTest, AWorkerInTheMiddleOfWhatIsAbandonedStartsAgain) {
  receiver_.Answer(first_, 1, kRefused);
  CommitVersions(tenant_, first_, 2);
  Relay* operators = nullptr;
  std::vector<int64_t> delivered;
  const Consumer consumer{.name = "billing", .deliver = [&](const Event& event, absl::Time) {
                            delivered.push_back(event.version);
                            if (event.version > 1) return absl::OkStatus();
                            if (delivered.size() == 2) {
                              EXPECT_OK(Do(Abandoned, *operators));
                            }
                            return kRefused;
                          }};
  const auto relay = NewRelay({consumer});
  operators = relay.get();
  ASSERT_OK(relay->Drain(Deadline()));
  ASSERT_OK(Do(Retried, *relay));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(delivered, ElementsAre(1, 1, 2));
  EXPECT_THAT(Held(), IsEmpty());
}

// The cursor is stored with what is set aside: one that lags would lead back to the abandoned event.
TEST_F(RelayTest, WhatIsAbandonedAtOnceDoesNotComeBackWithALaggingCursor) {
  receiver_.Answer(first_, 2, kRefused);
  RelayOptions options;
  options.committer = &committer();
  options.owner = "a";
  options.poll = absl::Milliseconds(20);
  options.cursor_lag = absl::Hours(1);
  const auto relay = MakeRelay(db(), options, {receiver_.AsConsumer("billing")}, {});
  relay->Start();
  CommitVersions(tenant_, first_, 3);
  while (Held().empty()) std::this_thread::yield();
  receiver_.Answer(first_, 2, absl::OkStatus());
  ASSERT_OK(Do(Abandoned, *relay));
  while (!Held().empty()) std::this_thread::yield();
  relay->Stop();
  const std::vector<int64_t> versions = receiver_.VersionsOf(first_);
  EXPECT_EQ(std::count(versions.begin(), versions.end(), 2), 0);
  EXPECT_GE(std::count(versions.begin(), versions.end(), 3), 1);
}

TEST_F(RelayTest, NothingIsAbandonedThatChangedInBetween) {
  receiver_.Answer(first_, 1, kRefused);
  CommitVersions(tenant_, first_, 2);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  const WaitingDelivery before{.held = Held().at(0), .now = absl::UnixEpoch()};
  const HeldDelivery after = Abandoned(before);
  ASSERT_OK(Do(Retried, *relay));
  ASSERT_OK(relay->Drain(Deadline()));  // Refused, and parked, once more.
  EXPECT_TRUE(IsLostRace(db().Transact(
      Deadline(), [&](mysql::Connection& connection) { return ReplaceHeld(connection, before, after); })));
  EXPECT_EQ(Held().at(0).version, 1);
}

TEST_F(RelayTest, DeliversEverythingOnceTheConsumerIsBack) {
  Receiver other;
  receiver_.AnswerAll(kDown);
  CommitVersions(tenant_, first_, 3);
  CommitVersions(Id("another tenant"), second_, 3);
  const auto relay = NewRelay({receiver_.AsConsumer("billing"), other.AsConsumer("link")});
  for (int i = 0; i < 7; ++i) {  // Long enough for aggregates to step aside.
    EXPECT_THAT(relay->Drain(Deadline()), StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_EQ(other.accepted(), 6);  // One that waits does not hold back another.
  EXPECT_THAT(Held(), SizeIs(2));
  receiver_.AnswerAll(absl::OkStatus());
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(3));
  EXPECT_EQ(receiver_.VersionsOf(second_), UpTo(3));
  EXPECT_THAT(Held(), IsEmpty());
}

TEST_F(RelayTest, WhatFailsOtherwiseStepsAsideUntilItWorks) {
  receiver_.Answer(first_, 1, kBroken);
  CommitVersions(tenant_, first_, 2);
  CommitVersions(tenant_, second_, 2);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  EXPECT_THAT(relay->Drain(Deadline()), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(receiver_.VersionsOf(second_), UpTo(2));
  ASSERT_THAT(Held(), SizeIs(1));
  EXPECT_FALSE(Held()[0].parked);
  EXPECT_GE(Held()[0].attempts, 1);
  receiver_.Answer(first_, 1, absl::OkStatus());
  // Held deliveries outlive the process.
  ASSERT_OK(NewRelay({receiver_.AsConsumer("billing")})->Drain(Deadline()));
  EXPECT_EQ(receiver_.VersionsOf(first_), UpTo(2));
}

TEST_F(RelayTest, ListsParkedOnesFirstAndPages) {
  const Uuid third = Id("third");
  receiver_.Answer(first_, 1, kBroken);
  receiver_.Answer(second_, 1, kRefused);
  receiver_.Answer(third, 1, kRefused);
  for (const Uuid& aggregate : {first_, second_, third}) CommitVersions(tenant_, aggregate, 1);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  EXPECT_FALSE(relay->Drain(Deadline()).ok());
  std::vector<Uuid> seen;
  mysql::PageQuery query{.size = 1};
  do {
    const mysql::Page<HeldDelivery> page = Held(query);
    for (const HeldDelivery& held : page.items) seen.push_back(held.aggregate);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_THAT(seen, ElementsAre(std::min(second_, third), std::max(second_, third), first_));
}

TEST_F(RelayTest, RedeliverSendsAgainFromTheGivenTimeOn) {
  CommitVersions(tenant_, first_, 4);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  ASSERT_OK(relay->Redeliver(Deadline(), "billing", MakeEvent(tenant_, first_, 3).create_time));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(1, 2, 3, 4, 3, 4));
  EXPECT_TRUE(relay->Knows("billing"));
  EXPECT_FALSE(relay->Knows("nobody"));
}

// Else the event would be delivered after it was given up, when the cursor comes by.
TEST_F(RelayTest, NothingIsAbandonedThatARedeliveryHasYetToPass) {
  receiver_.Answer(first_, 2, kRefused);
  CommitVersions(tenant_, first_, 3);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  ASSERT_OK(relay->Redeliver(Deadline(), "billing", absl::UnixEpoch()));
  const absl::Status early = Do(Abandoned, *relay);
  EXPECT_THAT(early, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(early, HasReason("REDELIVERY_UNDER_WAY"));
  EXPECT_EQ(Held().at(0).version, 2);
  ASSERT_OK(relay->Drain(Deadline()));
  receiver_.Answer(first_, 2, absl::OkStatus());  // It would be taken now.
  ASSERT_OK(Do(Abandoned, *relay));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(1, 1, 3));
}

TEST_F(RelayTest, RedeliverLeavesAParkedAggregateInOrder) {
  receiver_.Answer(first_, 3, kRefused);
  CommitVersions(tenant_, first_, 4);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  ASSERT_OK(relay->Redeliver(Deadline(), "billing", absl::UnixEpoch()));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(1, 2, 1, 2));
  receiver_.Answer(first_, 3, absl::OkStatus());
  ASSERT_OK(Do(Retried, *relay));
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_THAT(receiver_.VersionsOf(first_), ElementsAre(1, 2, 1, 2, 3, 4));
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
  receiver_.Answer(first_, 1, kRefused);
  receiver_.AnswerAll(kDown);
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
