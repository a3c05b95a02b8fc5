#include "common/events/log_keys.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/hex.h"
#include "common/events/event_feed.h"
#include "common/events/event_log.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kFirstKey(64, 'a');
const std::string kNextKey(64, '7');

class LogKeysTest : public LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    connection_ = schema().Connect();
    UseKeys("first:" + kFirstKey);
  }
  void TearDown() override { LogKeys::SetOfProcess(std::nullopt); }

  static void UseKeys(const std::string& text) { LogKeys::SetOfProcess(*KeyRing::Parse(text)); }

  static void SealAll() {
    const auto sealer = MakeRelay(db(), {.owner = "test"}, {}, {});
    ASSERT_OK(sealer->Drain(Deadline()));
  }
  // The row of version 1 again, as version 2 of another act.
  static void ForgeSecond(const std::string& mac) {
    schema().Execute(
        "INSERT INTO events (tenant_id, aggregate_id, version, bucket, type, actor, on_behalf_of, reason, request_id, "
        "create_time, payload, payload_type, digest, mac) SELECT tenant_id, aggregate_id, 2, bucket, type, actor, "
        "on_behalf_of, 'forged', request_id, create_time, payload, '', digest, ? FROM events WHERE version = 1",
        {mac});
    const std::vector<mysql::Row> rows = schema().Query(
        "SELECT tenant_id, aggregate_id, version, type, actor, on_behalf_of, reason, request_id, create_time, payload "
        "FROM events WHERE version = 2");
    const mysql::Row& row = rows[0];
    const Event forged{.tenant = row.Id(0),
                       .aggregate = row.Id(1),
                       .version = row.Int(2),
                       .type = row.Bytes(3),
                       .actor = row.Bytes(4),
                       .on_behalf_of = row.Bytes(5),
                       .reason = row.Bytes(6),
                       .request_id = row.Bytes(7),
                       .create_time = row.Time(8),
                       .payload = row.Bytes(9),
                       .seal = ""};
    schema().Execute("UPDATE events SET digest = ? WHERE version = 2", {DigestOf(forged)});
  }
  std::string MacOfFirst() const { return schema().Query("SELECT mac FROM events WHERE version = 1")[0].Bytes(0); }

  const Uuid tenant_ = Id("tenant");
  const int bucket_ = BucketOf(tenant_);
  std::unique_ptr<mysql::Connection> connection_;
};

TEST_F(LogKeysTest, AnEventThatTheServiceDidNotMakeIsNeverSealed) {
  CommitVersions(tenant_, Id("one"), 1);
  for (const std::string& mac : {std::string(), MacOfFirst(), "other:" + std::string(32, 'x')}) {
    ForgeSecond(mac);
    SealAll();
    EXPECT_THAT(schema().Query("SELECT version FROM events WHERE position IS NOT NULL"), SizeIs(1));
    EXPECT_THAT(VerifyChain(*connection_, bucket_), IsOk());
    schema().Execute("DELETE FROM events WHERE version = 2");
  }
}

TEST_F(LogKeysTest, ForgedRowsHideNoGenuineEventBehindThem) {
  CommitVersions(tenant_, Id("one"), 1);
  for (int i = 0; i < kSealBatch + 20; ++i) {
    schema().Execute(
        "INSERT INTO events (tenant_id, aggregate_id, version, bucket, type, actor, on_behalf_of, reason, request_id, "
        "create_time, payload, payload_type, digest, mac) SELECT tenant_id, REPEAT(CHAR(0), 16), ?, bucket, type, "
        "actor, on_behalf_of, 'forged', request_id, create_time, payload, '', digest, mac FROM events "
        "WHERE reason <> 'forged'",
        {i + 1});
  }
  SealAll();
  EXPECT_THAT(schema().Query("SELECT version FROM events WHERE position IS NOT NULL AND reason <> 'forged'"),
              SizeIs(1));
  EXPECT_THAT(schema().Query("SELECT version FROM events WHERE position IS NOT NULL"), SizeIs(1));
}

TEST_F(LogKeysTest, AnEventThatWasGivenItsPlaceByHandIsFound) {
  CommitVersions(tenant_, Id("one"), 1);
  SealAll();
  ForgeSecond(MacOfFirst());
  ASSERT_OK_AND_ASSIGN(const LogHead head, ReadHead(*connection_, bucket_));
  const std::string digest = schema().Query("SELECT digest FROM events WHERE version = 2")[0].Bytes(0);
  const LogHead next = NextHead(head, digest);
  schema().Execute("UPDATE events SET position = ?, seal = ? WHERE version = 2", {next.position, next.seal});
  EXPECT_THAT(VerifyChain(*connection_, bucket_), HasReason("CHAIN_BROKEN"));
}

TEST_F(LogKeysTest, EventsAndPositionsOutliveARotation) {
  CommitVersions(tenant_, Id("one"), 1);
  SealAll();
  FeedCursor cursor(tenant_);
  cursor.MoveTo(bucket_, 1);
  const std::string position = cursor.ToToken();
  UseKeys(absl::StrCat("next:", kNextKey, "\nfirst:", kFirstKey));
  EXPECT_OK(VerifyChain(*connection_, bucket_));
  ASSERT_OK_AND_ASSIGN(const FeedCursor read, FeedCursor::FromToken(tenant_, position));
  EXPECT_EQ(read.After(bucket_), 1);
  UseKeys("next:" + kNextKey);
  EXPECT_THAT(VerifyChain(*connection_, bucket_), HasReason("CHAIN_BROKEN"));
  EXPECT_FALSE(FeedCursor::FromToken(tenant_, position).ok());
}

TEST_F(LogKeysTest, APositionTellsNothingAndIsOfNoUseToAnother) {
  FeedCursor near(tenant_);
  near.MoveTo(bucket_, 7, std::string(32, 's'));
  FeedCursor far(tenant_);
  far.MoveTo(bucket_, 7'654'321'012, std::string(32, 's'));
  EXPECT_EQ(near.ToToken(), near.ToToken());
  EXPECT_EQ(near.ToToken().size(), far.ToToken().size());
  std::string text;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(far.ToToken(), &text));
  EXPECT_THAT(text, Not(HasSubstr("7654321012")));
  ASSERT_OK_AND_ASSIGN(const FeedCursor read, FeedCursor::FromToken(tenant_, far.ToToken()));
  EXPECT_EQ(read.After(bucket_), 7'654'321'012);
  EXPECT_FALSE(FeedCursor::FromToken(Id("another"), far.ToToken()).ok());
  EXPECT_FALSE(FeedCursor::FromToken(std::nullopt, far.ToToken()).ok());
  ++text.back();
  EXPECT_FALSE(FeedCursor::FromToken(tenant_, absl::WebSafeBase64Escape(text)).ok());
}

}  // namespace
}  // namespace countersign::events
