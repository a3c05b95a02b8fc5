// Deliveries that a receiver did not accept: parked or paused, tried again, abandoned and sent once more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/events/change.h"
#include "common/events/cursor.h"
#include "common/events/held_delivery.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/events/relay_fixture.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RelayHeldTest : public RelayTest {};

TEST_F(RelayHeldTest, PoisonIsParkedAndHoldsBackItsOwnAggregateOnly) {
  receiver_.Answer(first_, 2, Refused());
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

TEST_F(RelayHeldTest, RetryDeliversTheRestInOrder) {
  receiver_.Answer(first_, 2, Refused());
  CommitVersions(tenant_, first_, 4);
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  ASSERT_OK(relay->Drain(Deadline()));
  receiver_.Answer(first_, 2, absl::OkStatus());
  receiver_.Answer(first_, 4, Refused());
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

TEST_F(RelayHeldTest, ThePausesOfOneConsumerEndAndWhatIsParkedStaysSo) {
  const auto hold = [](const std::string& tenant, const std::string& consumer, bool parked) {
    schema().Execute(
        "INSERT INTO held_deliveries (tenant_id, aggregate_id, consumer, bucket, version, parked, attempts, "
        "next_attempt, last_error) VALUES (?, ?, ?, ?, 1, ?, 5, UTC_TIMESTAMP(6) + INTERVAL 1 HOUR, '')",
        {Id(tenant), Id("thing"), consumer, BucketOf(Id(tenant)), parked});
  };
  hold("one", "billing", false);
  hold("two", "billing", false);
  hold("parked", "billing", true);
  hold("one", "link", false);
  ASSERT_OK(
      db().Autocommit(Deadline(), [](mysql::Connection& connection) { return EndPauses(connection, "billing"); }));
  const std::vector<mysql::Row> due =
      schema().Query("SELECT tenant_id, consumer FROM held_deliveries WHERE next_attempt <= UTC_TIMESTAMP(6)");
  ASSERT_THAT(due, SizeIs(2));
  for (const mysql::Row& row : due) {
    EXPECT_THAT(row.Id(0), ::testing::AnyOf(Id("one"), Id("two")));
    EXPECT_EQ(row.Bytes(1), "billing");
  }
}

TEST_F(RelayHeldTest, RetryOfWhatIsNotHeldIsNotFound) {
  const auto relay = NewRelay({receiver_.AsConsumer("billing")});
  EXPECT_THAT(Do(Retried, *relay), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RelayHeldTest, WhatIsAbandonedNeverArrivesAndWhatFollowsDoes) {
  receiver_.Answer(first_, 2, Refused());
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

TEST_F(RelayHeldTest, TheLastEventCanBeAbandonedAndThePausedOne) {
  receiver_.Answer(first_, 2, Broken());
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
TEST_F(RelayHeldTest, AWorkerInTheMiddleOfWhatIsAbandonedStartsAgain) {
  receiver_.Answer(first_, 1, Refused());
  CommitVersions(tenant_, first_, 2);
  Relay* operators = nullptr;
  std::vector<int64_t> delivered;
  const Consumer consumer{.name = "billing", .deliver = [&](const Event& event, absl::Time) {
                            delivered.push_back(event.version);
                            if (event.version > 1) return absl::OkStatus();
                            if (delivered.size() == 2) {
                              EXPECT_OK(Do(Abandoned, *operators));
                            }
                            return Refused();
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
TEST_F(RelayHeldTest, WhatIsAbandonedAtOnceDoesNotComeBackWithALaggingCursor) {
  receiver_.Answer(first_, 2, Refused());
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

TEST_F(RelayHeldTest, NothingIsAbandonedThatChangedInBetween) {
  receiver_.Answer(first_, 1, Refused());
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

TEST_F(RelayHeldTest, DeliversEverythingOnceTheConsumerIsBack) {
  Receiver other;
  receiver_.AnswerAll(Down());
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

TEST_F(RelayHeldTest, WhatFailsOtherwiseStepsAsideUntilItWorks) {
  receiver_.Answer(first_, 1, Broken());
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

TEST_F(RelayHeldTest, ListsParkedOnesFirstAndPages) {
  const Uuid third = Id("third");
  receiver_.Answer(first_, 1, Broken());
  receiver_.Answer(second_, 1, Refused());
  receiver_.Answer(third, 1, Refused());
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

TEST_F(RelayHeldTest, RedeliverSendsAgainFromTheGivenTimeOn) {
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
TEST_F(RelayHeldTest, NothingIsAbandonedThatARedeliveryHasYetToPass) {
  receiver_.Answer(first_, 2, Refused());
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

TEST_F(RelayHeldTest, RedeliverLeavesAParkedAggregateInOrder) {
  receiver_.Answer(first_, 3, Refused());
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

}  // namespace
}  // namespace countersign::events
