// Commits beside a relay: events get their place in the log in the commit, or later without one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/events/committer.h"
#include "common/events/committer_fixture.h"
#include "common/events/event_log.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/testing/status_matchers.h"

namespace countersign::events {
namespace {

class CommitterSealTest : public CommitterTest {
 protected:
  // A relay that holds every bucket and has delivered a first event, so that it knows the head of tenant_'s log.
  static std::unique_ptr<Relay> StartedRelay(Receiver& receiver) {
    RelayOptions options;
    options.owner = "a";
    options.poll = absl::Milliseconds(20);
    options.committer = &committer();
    std::unique_ptr<Relay> relay = MakeRelay(db(), options, {receiver.AsConsumer("billing")}, {});
    relay->Start();
    EXPECT_OK(committer().Commit(Deadline(), ChangeOf("warm", 1)));
    EXPECT_TRUE(receiver.WaitFor(1));
    return relay;
  }
};

TEST_F(CommitterSealTest, EventsAreSealedInTheCommitWhereTheBucketIsHeld) {
  Receiver receiver;
  RelayOptions options;
  options.owner = "a";
  options.committer = &committer();
  options.threads = 0;  // A turn of the sealer that has the bucket just then would do it instead.
  const auto relay = MakeRelay(db(), options, {receiver.AsConsumer("billing")}, {});
  relay->Start();
  ASSERT_OK(relay->Do(Relay::Step::kRenew, Deadline()));
  ASSERT_OK(relay->Do(Relay::Step::kWork, Deadline()));  // By now the bucket's head is known.
  for (int64_t version = 1; version <= 20; ++version) {
    ASSERT_OK(committer().Commit(Deadline(), ChangeOf("a", version)));
    EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events WHERE position IS NULL"), 0) << version;
  }
  ASSERT_OK(relay->Do(Relay::Step::kWork, Deadline()));
  EXPECT_EQ(receiver.accepted(), 20);
  relay->Stop();
  EXPECT_OK(db().Read(Deadline(), [](mysql::Reader& reader) { return VerifyChain(reader, BucketOf(tenant_)); }));
}

TEST_F(CommitterSealTest, AnEventIsNotSealedBeforeAnEarlierOneOfItsAggregateThatAnotherReplicaWrote) {
  Receiver receiver;
  const auto relay = StartedRelay(receiver);
  Committer elsewhere(db());
  for (int64_t version = 1; version <= 30; ++version) {
    Committer& writer = version % 2 == 0 ? committer() : elsewhere;
    ASSERT_OK(writer.Commit(Deadline(), ChangeOf("a", version)));
  }
  ASSERT_TRUE(receiver.WaitFor(31));
  relay->Stop();
  const std::vector<int64_t> versions = receiver.VersionsOf(Id("a"));
  EXPECT_TRUE(std::is_sorted(versions.begin(), versions.end()));
  EXPECT_OK(db().Read(Deadline(), [](mysql::Reader& reader) { return VerifyChain(reader, BucketOf(tenant_)); }));
}

TEST_F(CommitterSealTest, AReplicaThatLostItsBucketWithoutKnowingCommitsWithoutAPlace) {
  Receiver receiver;
  const auto relay = StartedRelay(receiver);
  // Another replica has sealed an event at the place that this one would give next.
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> first, ([&]() -> absl::StatusOr<std::vector<Event>> {
                         std::vector<Event> events;
                         RETURN_IF_ERROR(db().Read(Deadline(), [&](mysql::Reader& reader) -> absl::Status {
                           ASSIGN_OR_RETURN(events, ReadSealed(reader, BucketOf(tenant_), 0, 10));
                           return absl::OkStatus();
                         }));
                         return events;
                       }()));
  ASSERT_EQ(first.size(), 1U);
  const Event stolen = MakeEvent(tenant_, Id("stolen"), 1);
  const LogHead next = NextHead({.position = first[0].position, .seal = first[0].seal}, DigestOf(stolen));
  ASSERT_OK(Committer(db()).Commit(Deadline(), {.events = {stolen}, .reply = std::nullopt}));
  schema().Execute("UPDATE events SET position = ?, seal = ? WHERE aggregate_id = ?",
                   {next.position, next.seal, Id("stolen")});
  EXPECT_OK(committer().Commit(Deadline(), ChangeOf("b", 1)));
  ASSERT_TRUE(receiver.WaitFor(3));
  relay->Stop();
  EXPECT_OK(db().Read(Deadline(), [](mysql::Reader& reader) { return VerifyChain(reader, BucketOf(tenant_)); }));
}

}  // namespace
}  // namespace countersign::events
