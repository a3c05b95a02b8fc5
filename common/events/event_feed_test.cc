#include "common/events/event_feed.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::events {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::SizeIs;

class EventFeedTest : public LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    connection_ = schema().Connect();
    CommitVersions(tenant_, Id("first"), 3);
    CommitVersions(Id("another tenant"), Id("another"), 4);
    CommitVersions(tenant_, Id("second"), 2);
    const auto sealer = MakeRelay(db(), {.owner = "test"}, {}, {});
    ASSERT_OK(sealer->Drain(Deadline()));
  }

  const Uuid tenant_ = Id("tenant");
  std::unique_ptr<mysql::Connection> connection_;
};

TEST_F(EventFeedTest, RefusesATokenOfAnotherTenantOrOfNobody) {
  const std::string own = FeedCursor(tenant_).ToToken();
  EXPECT_OK(FeedCursor::FromToken(tenant_, own).status());
  EXPECT_THAT(FeedCursor::FromToken(Id("another tenant"), own), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FeedCursor::FromToken(std::nullopt, own), StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* token : {"!", "x", "Mi8tLzA", "Mi8tLy0x"}) {
    EXPECT_THAT(FeedCursor::FromToken(std::nullopt, token), StatusIs(absl::StatusCode::kInvalidArgument)) << token;
  }
}

TEST_F(EventFeedTest, ReadsABucketOfEverybodysOrATenantsOwnEventsInOrder) {
  const int bucket = BucketOf(tenant_);
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    FeedCursor cursor(tenant);
    ASSERT_OK_AND_ASSIGN(const std::vector<Event> all, ReadFeed(*connection_, cursor, bucket, 100));
    ASSERT_THAT(all, SizeIs(5));
    cursor.MoveTo(bucket, all[1].position);
    ASSERT_OK_AND_ASSIGN(const std::vector<Event> next, ReadFeed(*connection_, cursor, bucket, 2));
    ASSERT_THAT(next, SizeIs(2));
    EXPECT_EQ(next[0].seal, all[2].seal);
    EXPECT_EQ(next[1].seal, all[3].seal);
  }
}

TEST_F(EventFeedTest, KnowsWhereEachBucketEnds) {
  ASSERT_OK_AND_ASSIGN(const auto heads, ReadHeadPositions(*connection_));
  int64_t sum = 0;
  for (const int64_t head : heads) sum += head;
  EXPECT_EQ(sum, 9);
  EXPECT_GE(heads[BucketOf(tenant_)], 5);
}

}  // namespace
}  // namespace countersign::events
