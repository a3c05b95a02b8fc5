#include "common/events/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/events/event_feed.h"
#include "common/events/log_fixture.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::IsOk;
using ::countersign::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kEpoch = 7;

class EventLogTest : public LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    SetEpoch(kEpoch);
    connection_ = schema().Connect();
  }

  void SetEpoch(int64_t epoch) const {
    schema().Execute(
        "INSERT INTO leases (bucket, owner, epoch, lease_until) VALUES (?, 'test', ?, UTC_TIMESTAMP(6)) "
        "ON DUPLICATE KEY UPDATE epoch = ?",
        {bucket_, epoch, epoch});
  }
  absl::StatusOr<std::vector<Event>> Seal(int64_t epoch = kEpoch) {
    return SealBucket(db(), Deadline(), bucket_, epoch, head_);
  }
  // Three sealed events, to be tampered with.
  void SealThree() {
    CommitVersions(tenant_, aggregate_, 3);
    ASSERT_THAT(Seal(), IsOk());
    ASSERT_THAT(VerifyChain(*connection_, bucket_), IsOk());
  }

  const Uuid tenant_ = Id("tenant");
  const Uuid aggregate_ = Id("aggregate");
  const int bucket_ = BucketOf(tenant_);
  LogHead head_;
  std::unique_ptr<mysql::Connection> connection_;
};

TEST_F(EventLogTest, SealsInTheOrderOfVersions) {
  CommitVersions(tenant_, aggregate_, 5);
  CommitVersions(tenant_, Id("second"), 2);
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> sealed, Seal());
  ASSERT_THAT(sealed, SizeIs(7));
  EXPECT_EQ(head_.position, 7);
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> read, ReadSealed(*connection_, bucket_, 0, 100));
  ASSERT_THAT(read, SizeIs(7));
  std::map<Uuid, int64_t> versions;
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].position, static_cast<int64_t>(i) + 1);
    EXPECT_EQ(read[i].version, ++versions[read[i].aggregate]);
    EXPECT_EQ(DigestOf(read[i]), DigestOf(sealed[i]));
    EXPECT_EQ(read[i].seal, sealed[i].seal);
  }
}

TEST_F(EventLogTest, ReadsBackWhatWasCommitted) {
  Event event = MakeEvent(tenant_, aggregate_, 1);
  event.trace_id = std::string(32, 'c');
  ASSERT_OK(CommitEvents({event}));
  ASSERT_THAT(Seal(), IsOk());
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> read, ReadAggregate(*connection_, tenant_, aggregate_, 1, 10));
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].payload, event.payload);
  EXPECT_EQ(read[0].reason, event.reason);
  EXPECT_EQ(read[0].create_time, event.create_time);
  EXPECT_EQ(read[0].payload_type, event.payload_type);
  EXPECT_EQ(read[0].resource_digest, event.resource_digest);
  EXPECT_EQ(read[0].salt, event.salt);
  EXPECT_EQ(read[0].trace_id, event.trace_id);
  EXPECT_EQ(DigestOf(read[0]), DigestOf(event));
}

TEST_F(EventLogTest, SealsALongLogInBatches) {
  std::vector<Event> events;
  for (int version = 1; version <= 250; ++version) events.push_back(MakeEvent(tenant_, aggregate_, version));
  ASSERT_OK(CommitEvents(events));
  for (const size_t expected : {100u, 100u, 50u, 0u}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Event> sealed, Seal());
    EXPECT_THAT(sealed, SizeIs(expected));
  }
  EXPECT_OK(VerifyChain(*connection_, bucket_));
  ASSERT_OK_AND_ASSIGN(const LogHead head, ReadHead(*connection_, bucket_));
  EXPECT_EQ(head.position, 250);
  EXPECT_EQ(head.seal, head_.seal);
}

TEST_F(EventLogTest, DoesNotReadWhatIsNotSealed) {
  CommitVersions(tenant_, aggregate_, 2);
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> read, ReadSealed(*connection_, bucket_, 0, 100));
  EXPECT_THAT(read, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> of_one, ReadAggregate(*connection_, tenant_, aggregate_, 1, 100));
  EXPECT_THAT(of_one, IsEmpty());
}

TEST_F(EventLogTest, TheLastEventOfAnAggregateIsReadBeforeItIsSealed) {
  CommitVersions(tenant_, aggregate_, 2);
  ASSERT_OK_AND_ASSIGN(const std::optional<Event> last, ReadLast(*connection_, tenant_, aggregate_));
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->version, 2);
  ASSERT_OK_AND_ASSIGN(const std::optional<Event> none, ReadLast(*connection_, tenant_, Id("nothing")));
  EXPECT_FALSE(none.has_value());
}

TEST_F(EventLogTest, FencedSealerSealsNothing) {
  for (const int64_t versions : {1, 3}) {  // One statement and a transaction.
    CommitVersions(tenant_, Id("aggregate of " + std::to_string(versions)), versions);
    SetEpoch(kEpoch + 1);
    EXPECT_TRUE(IsLostRace(Seal(kEpoch).status()));
    EXPECT_EQ(schema().Query("SELECT COUNT(*) FROM events WHERE position IS NOT NULL")[0].Int(0), 0);
  }
}

TEST_F(EventLogTest, SealerWithAnOldHeadCannotForkTheChain) {
  SealThree();
  CommitVersions(tenant_, Id("second"), 1);
  head_ = LogHead{};
  EXPECT_TRUE(IsLostRace(Seal().status()));
  ASSERT_OK_AND_ASSIGN(head_, ReadHead(*connection_, bucket_));
  EXPECT_THAT(Seal(), IsOk());
  EXPECT_OK(VerifyChain(*connection_, bucket_));
}

TEST_F(EventLogTest, FindsAChangedByte) {
  SealThree();
  for (const char* change : {
           "UPDATE events SET payload = 'other' WHERE version = 2",
           "UPDATE events SET create_time = create_time + INTERVAL 1 MICROSECOND WHERE version = 2",
           "UPDATE events SET actor = 'operators/other' WHERE version = 2",
           "UPDATE events SET reason = 'weil’s nötig ist' WHERE version = 2",
           "UPDATE events SET payload_type = 'countersign.test.v1.Other' WHERE version = 2",
           "UPDATE events SET payload_type = '', resource_digest = NULL WHERE version = 2",
           "UPDATE events SET resource_digest = REPEAT('x', 32) WHERE version = 2",
           "UPDATE events SET resource_digest = NULL WHERE version = 2",
           "UPDATE events SET digest = REPEAT('x', 32) WHERE version = 2",
           "UPDATE events SET seal = REPEAT('x', 32) WHERE version = 2",
           "UPDATE events SET bucket = (bucket + 1) % 64 WHERE version = 2",
           "UPDATE events SET version = 9 WHERE version = 2",
           "UPDATE events SET position = NULL WHERE version = 3",
       }) {
    schema().Execute("CREATE TABLE kept LIKE events");
    schema().Execute("INSERT INTO kept SELECT * FROM events");
    schema().Execute(change);
    EXPECT_THAT(VerifyChain(*connection_, bucket_), StatusIs(absl::StatusCode::kDataLoss)) << change;
    schema().Execute("DELETE FROM events");
    schema().Execute("INSERT INTO events SELECT * FROM kept");
    schema().Execute("DROP TABLE kept");
    EXPECT_OK(VerifyChain(*connection_, bucket_));
  }
}

TEST_F(EventLogTest, FindsADigestThatWasGivenToAnOldEvent) {
  Event event = MakeEvent(tenant_, aggregate_, 1);
  event.payload_type = event.resource_digest = event.salt = "";
  ASSERT_OK(CommitEvents({event}));
  ASSERT_THAT(Seal(), IsOk());
  EXPECT_OK(VerifyChain(*connection_, bucket_));
  schema().Execute("UPDATE events SET resource_digest = REPEAT('x', 32)");
  EXPECT_THAT(VerifyChain(*connection_, bucket_), HasReason("CHAIN_BROKEN"));
}

TEST_F(EventLogTest, TheChainHoldsWithoutTheSalts) {
  SealThree();
  schema().Execute("UPDATE events SET salt = NULL");
  EXPECT_OK(VerifyChain(*connection_, bucket_));
}

TEST_F(EventLogTest, FindsARemovedEvent) {
  SealThree();
  schema().Execute("DELETE FROM events WHERE position = 2");
  EXPECT_THAT(VerifyChain(*connection_, bucket_), HasReason("CHAIN_BROKEN"));
}

TEST_F(EventLogTest, FindsAnInsertedEvent) {
  for (const int position : {4, 0, -1}) {
    schema().Clear({"leases"});
    head_ = LogHead{};
    SealThree();
    CommitVersions(tenant_, Id("inserted"), 1);
    schema().Execute("UPDATE events SET position = ?, seal = REPEAT('x', 32) WHERE position IS NULL", {position});
    EXPECT_THAT(VerifyChain(*connection_, bucket_), HasReason("CHAIN_BROKEN")) << position;
  }
}

TEST_F(EventLogTest, ThereIsNoBucketBeyondTheLast) {
  SealThree();
  EXPECT_OK(VerifyBuckets(*connection_));
  for (const int bucket : {-1, 64}) {
    EXPECT_FALSE(connection_->Execute("UPDATE events SET bucket = ? WHERE version = 3", {bucket}).ok());
  }
  const WithoutRangeCheck unchecked;
  for (const int bucket : {-1, 64}) {
    schema().Execute("UPDATE events SET bucket = ? WHERE version = 3", {bucket});
    EXPECT_THAT(VerifyBuckets(*connection_), HasReason("CHAIN_BROKEN")) << bucket;
    EXPECT_OK(VerifyChain(*connection_, bucket_));  // It cannot see that one was taken off its end.
  }
}

TEST_F(EventLogTest, AnEventOfATenantInAnotherBucketIsNotRead) {
  SealThree();
  schema().Execute("UPDATE events SET bucket = (bucket + 1) % 64 WHERE version = 2");
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> read, ReadAggregate(*connection_, tenant_, aggregate_, 1, 10));
  EXPECT_THAT(read, SizeIs(2));
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> fed, ReadFeed(*connection_, FeedCursor(tenant_), bucket_, 10));
  EXPECT_THAT(fed, SizeIs(2));
}

TEST_F(EventLogTest, ReadsTheHeadsOfAllBucketsWithoutTheirEvents) {
  InsertSealed(tenant_, aggregate_, 5'000);
  for (int i = 0; i < 20; ++i) InsertSealed(Id(absl::StrCat("tenant", i)), Id("b"), 3, /*after=*/1'000'000 + 10 * i);
  CommitVersions(Id("unsealed"), aggregate_, 1);
  const int64_t before = RowsReadFor(*connection_);
  ASSERT_OK_AND_ASSIGN(const auto heads, ReadHeads(*connection_));
  EXPECT_LT(RowsReadFor(*connection_) - before, 1'000);
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    ASSERT_OK_AND_ASSIGN(const LogHead head, ReadHead(*connection_, bucket));
    EXPECT_EQ(heads[bucket].position, head.position) << bucket;
    EXPECT_EQ(heads[bucket].seal, head.seal) << bucket;
  }
}

}  // namespace
}  // namespace countersign::events
