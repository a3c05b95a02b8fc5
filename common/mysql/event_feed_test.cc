#include "common/mysql/event_feed.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/mysql/log_fixture.h"
#include "common/mysql/relay.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
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

  std::vector<Event> Next(FeedCursor& cursor, int limit, const Condition& condition = {}) {
    const auto events = ReadNext(*connection_, cursor, limit, condition);
    EXPECT_OK(events.status());
    return events.value_or(std::vector<Event>());
  }

  // Every event's place, by the cursor after it.
  std::vector<std::string> TokensOf(const std::optional<Uuid>& tenant) {
    std::vector<std::string> tokens;
    FeedCursor cursor(tenant);
    while (!Next(cursor, 1).empty()) tokens.push_back(cursor.ToToken());
    return tokens;
  }

  const Uuid tenant_ = Id("tenant");
  std::unique_ptr<Connection> connection_;
};

TEST_F(EventFeedTest, ATenantsFeedHoldsItsOwnEventsInOrder) {
  FeedCursor cursor(tenant_);
  const std::vector<Event> events = Next(cursor, 100);
  ASSERT_THAT(events, SizeIs(5));
  for (const Event& event : events) EXPECT_EQ(event.tenant, tenant_);
  EXPECT_TRUE(std::is_sorted(events.begin(), events.end(),
                             [](const Event& a, const Event& b) { return a.position < b.position; }));
  EXPECT_THAT(Next(cursor, 100), IsEmpty());
}

TEST_F(EventFeedTest, EverybodysFeedHoldsEverything) {
  FeedCursor cursor(std::nullopt);
  EXPECT_THAT(Next(cursor, 100), SizeIs(9));
}

TEST_F(EventFeedTest, GoesOnAfterEveryPositionWithExactlyTheRest) {
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    FeedCursor start(tenant);
    const std::vector<Event> all = Next(start, 100);
    const std::vector<std::string> tokens = TokensOf(tenant);
    ASSERT_EQ(tokens.size(), all.size());
    for (size_t i = 0; i < tokens.size(); ++i) {
      ASSERT_OK_AND_ASSIGN(FeedCursor cursor, FeedCursor::FromToken(tenant, tokens[i]));
      const std::vector<Event> rest = Next(cursor, 100);
      ASSERT_EQ(rest.size(), all.size() - i - 1);
      for (size_t j = 0; j < rest.size(); ++j) EXPECT_EQ(rest[j].seal, all[i + 1 + j].seal);
    }
  }
}

TEST_F(EventFeedTest, RefusesATokenOfAnotherTenantOrOfNobody) {
  const std::string own = FeedCursor(tenant_).ToToken();
  EXPECT_OK(FeedCursor::FromToken(tenant_, own).status());
  EXPECT_THAT(FeedCursor::FromToken(Id("another tenant"), own), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FeedCursor::FromToken(std::nullopt, own), StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* token : {"!", "x", "MS8tLzA", "MS8tLy0x"}) {
    EXPECT_THAT(FeedCursor::FromToken(std::nullopt, token), StatusIs(absl::StatusCode::kInvalidArgument)) << token;
  }
}

TEST_F(EventFeedTest, AConditionNarrowsTheFeed) {
  FeedCursor cursor(std::nullopt);
  const std::vector<Event> events =
      Next(cursor, 100, {.sql = " AND (version = ? OR version = ?)", .parameters = {4, 3}});
  std::vector<int64_t> versions;
  for (const Event& event : events) versions.push_back(event.version);
  std::sort(versions.begin(), versions.end());
  EXPECT_THAT(versions, ElementsAre(3, 3, 4));
}

TEST_F(EventFeedTest, KnowsWhereEachBucketEnds) {
  ASSERT_OK_AND_ASSIGN(const auto heads, ReadHeadPositions(*connection_));
  int64_t sum = 0;
  for (const int64_t head : heads) sum += head;
  EXPECT_EQ(sum, 9);
  EXPECT_GE(heads[BucketOf(tenant_)], 5);
}

TEST_F(EventFeedTest, FindsTheDigestBefore) {
  const Event third = MakeEvent(tenant_, Id("first"), 3);
  EXPECT_EQ(ReadDigestBefore(*connection_, third).value(), third.resource_digest);
  EXPECT_EQ(ReadDigestBefore(*connection_, MakeEvent(tenant_, Id("first"), 1)).value(), "");
}

}  // namespace
}  // namespace countersign::mysql
