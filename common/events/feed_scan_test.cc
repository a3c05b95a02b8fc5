#include "common/events/feed_scan.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What a step may cost the server: it counts each row of the window three times, and up to five where it has just
// analysed the table and sorts; the logs here are longer.
constexpr int64_t kMostRowsOfAStep = 7 * kScanWindow;

class FeedScanTest : public LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    connection_ = schema().Connect();
  }

  static void Seal() {
    const auto sealer = MakeRelay(db(), {.owner = "test"}, {}, {});
    ASSERT_OK(sealer->Drain(Deadline()));
  }

  // Nine events: five of the tenant's, of two aggregates, and four of another's.
  void CommitNine() {
    CommitVersions(tenant_, Id("first"), 3);
    CommitVersions(Id("another tenant"), Id("another"), 4);
    CommitVersions(tenant_, Id("second"), 2);
    Seal();
  }

  FeedScan Scan(const FeedCursor& cursor, FeedQuery query = {}) {
    const auto heads = ReadHeadPositions(*connection_);
    EXPECT_OK(heads.status());
    return {*connection_, std::move(query), cursor, heads.value()};
  }

  // All that there is, in steps of `limit`.
  std::vector<FeedEntry> ReadAll(FeedScan scan, int limit = 100) {
    std::vector<FeedEntry> all;
    while (!scan.at_end()) {
      auto entries = scan.Next(limit);
      EXPECT_OK(entries.status());
      if (!entries.ok()) break;
      EXPECT_LE(entries->size(), static_cast<size_t>(limit));
      std::move(entries->begin(), entries->end(), std::back_inserter(all));
    }
    return all;
  }

  static mysql::Condition OfNobody() { return {.sql = " AND actor = ?", .parameters = {"operators/nobody"}}; }

  const Uuid tenant_ = Id("tenant");
  std::unique_ptr<mysql::Connection> connection_;
};

std::vector<int64_t> VersionsOf(const std::vector<FeedEntry>& entries) {
  std::vector<int64_t> versions;
  for (const FeedEntry& entry : entries) versions.push_back(entry.event.version);
  return versions;
}

TEST_F(FeedScanTest, ATenantsFeedHoldsItsOwnEventsInOrder) {
  CommitNine();
  for (const int limit : {1, 2, 5, 100}) {
    const std::vector<FeedEntry> entries = ReadAll(Scan(FeedCursor(tenant_)), limit);
    ASSERT_THAT(entries, SizeIs(5));
    for (const FeedEntry& entry : entries) EXPECT_EQ(entry.event.tenant, tenant_);
    EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(), [](const FeedEntry& a, const FeedEntry& b) {
      return a.event.position < b.event.position;
    }));
  }
}

TEST_F(FeedScanTest, EverybodysFeedHoldsEverything) {
  CommitNine();
  EXPECT_THAT(ReadAll(Scan(FeedCursor(std::nullopt))), SizeIs(9));
  EXPECT_THAT(ReadAll(Scan(FeedCursor(std::nullopt)), 1), SizeIs(9));
}

TEST_F(FeedScanTest, GoesOnFromEveryStepWithExactlyTheRest) {
  CommitNine();
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    const std::vector<FeedEntry> all = ReadAll(Scan(FeedCursor(tenant)));
    FeedScan steps = Scan(FeedCursor(tenant));
    for (size_t i = 0; i < all.size(); ++i) {
      ASSERT_OK_AND_ASSIGN(const auto step, steps.Next(1));
      ASSERT_THAT(step, SizeIs(1));
      EXPECT_EQ(step[0].event.seal, all[i].event.seal);
      ASSERT_OK_AND_ASSIGN(const FeedCursor cursor, FeedCursor::FromToken(tenant, steps.cursor().ToToken()));
      const std::vector<FeedEntry> rest = ReadAll(Scan(cursor));
      ASSERT_EQ(rest.size(), all.size() - i - 1);
      for (size_t j = 0; j < rest.size(); ++j) EXPECT_EQ(rest[j].event.seal, all[i + 1 + j].event.seal);
    }
  }
}

TEST_F(FeedScanTest, EndsWhereTheLogEndedWhenItBegan) {
  CommitNine();
  FeedScan scan = Scan(FeedCursor(tenant_));
  CommitVersions(tenant_, Id("third"), 1);
  Seal();
  EXPECT_THAT(ReadAll(std::move(scan)), SizeIs(5));
  EXPECT_THAT(ReadAll(Scan(FeedCursor(tenant_))), SizeIs(6));
}

// Else a log that was put back and has grown past it would go on with other events without a word.
TEST_F(FeedScanTest, ACursorHasTheSealOfWhatWasPassedOver) {
  CommitNine();
  const mysql::Condition condition = {.sql = " AND version = ?", .parameters = {99}};
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    FeedScan scan = Scan(FeedCursor(tenant), {.condition = condition});
    while (!scan.at_end()) ASSERT_OK(scan.Next(100).status());
    EXPECT_THAT(scan.cursor().SealedMarks(), SizeIs(tenant.has_value() ? 1 : 2));
  }
}

TEST_F(FeedScanTest, AConditionNarrowsTheFeed) {
  CommitNine();
  const mysql::Condition condition = {.sql = " AND (version = ? OR version = ?)", .parameters = {4, 3}};
  for (const int limit : {1, 100}) {
    std::vector<int64_t> versions =
        VersionsOf(ReadAll(Scan(FeedCursor(std::nullopt), {.condition = condition}), limit));
    std::sort(versions.begin(), versions.end());
    EXPECT_THAT(versions, ElementsAre(3, 3, 4));
  }
}

TEST_F(FeedScanTest, AnAggregateIsFoundInItsTenantsFeedAndInEverybodys) {
  CommitNine();
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    for (const int limit : {1, 100}) {
      const FeedQuery query = {.aggregate = Id("first")};
      EXPECT_THAT(VersionsOf(ReadAll(Scan(FeedCursor(tenant), query), limit)), ElementsAre(1, 2, 3));
    }
    const FeedQuery query = {.aggregate = Id("first"), .condition = {.sql = " AND version > ?", .parameters = {1}}};
    EXPECT_THAT(VersionsOf(ReadAll(Scan(FeedCursor(tenant), query), 1)), ElementsAre(2, 3));
  }
  EXPECT_THAT(ReadAll(Scan(FeedCursor(tenant_), {.aggregate = Id("another")})), IsEmpty());
}

TEST_F(FeedScanTest, KnowsTheDigestBefore) {
  CommitVersions(tenant_, Id("first"), 2);
  Seal();
  schema().Execute("UPDATE events SET resource_digest = REPEAT('1', 32) WHERE version = 1");
  const std::vector<FeedEntry> entries = ReadAll(Scan(FeedCursor(tenant_), {.with_digest_before = true}));
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].digest_before, "");
  EXPECT_EQ(entries[1].digest_before, std::string(32, '1'));
}

TEST_F(FeedScanTest, AStepLooksAtAWindowOfTheLogOnly) {
  constexpr int kRows = 10'000;
  InsertSealed(tenant_, Id("a"), kRows);
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    for (const FeedQuery& query :
         {FeedQuery{.condition = OfNobody()}, FeedQuery{.condition = OfNobody(), .with_digest_before = true},
          FeedQuery{.aggregate = tenant.has_value() ? Id("a") : Id("b"), .condition = OfNobody()}}) {
      FeedScan scan = Scan(FeedCursor(tenant), query);
      for (int step = 1; step <= kRows / kScanWindow; ++step) {
        EXPECT_FALSE(scan.at_end());
        EXPECT_THAT(scan.Next(100).value(), IsEmpty());
        EXPECT_EQ(scan.examined(), step * kScanWindow);
      }
      EXPECT_TRUE(scan.at_end());
    }
    // The server reads a window's index entries, and once more as the window's own rows, and then the events.
    for (const bool with_digest_before : {false, true}) {
      FeedScan scan = Scan(FeedCursor(tenant), {.condition = OfNobody(), .with_digest_before = with_digest_before});
      const int64_t before = RowsReadFor(*connection_);
      EXPECT_OK(scan.Next(100).status());
      EXPECT_LT(RowsReadFor(*connection_) - before, kMostRowsOfAStep);
    }
  }
}

TEST_F(FeedScanTest, WithoutAConditionItReadsWhatItGives) {
  InsertSealed(tenant_, Id("a"), 10'000);
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    FeedScan scan = Scan(FeedCursor(tenant), {.with_digest_before = true});
    const int64_t before = RowsReadFor(*connection_);
    EXPECT_THAT(scan.Next(1'000).value(), SizeIs(kScanBatch));
    EXPECT_LT(RowsReadFor(*connection_) - before, 4 * kScanBatch);
    EXPECT_EQ(scan.examined(), kScanBatch);
  }
}

TEST_F(FeedScanTest, AStepInOneAggregateReadsNothingOfWhatTheStepsBeforeRead) {
  InsertSealed(tenant_, Id("a"), 10'000);
  for (const mysql::Condition& condition :
       {mysql::Condition(), mysql::Condition{.sql = " AND version > ?", .parameters = {1}}}) {
    FeedCursor cursor(tenant_);
    for (const int64_t position : {9'000, 9'500}) {
      cursor.MoveTo(cursor.first_bucket(), position);
      FeedScan scan = Scan(cursor, {.aggregate = Id("a"), .condition = condition});
      for (int64_t step = 0; step < 3; ++step) {
        const int64_t before = RowsReadFor(*connection_);
        ASSERT_OK_AND_ASSIGN(const auto entries, scan.Next(kScanBatch));
        EXPECT_LT(RowsReadFor(*connection_) - before, kMostRowsOfAStep) << position << condition.sql;
        ASSERT_THAT(entries, SizeIs(kScanBatch));
        EXPECT_EQ(entries[0].event.version, position + step * kScanBatch + 1);
      }
    }
  }
  // Steps over windows in which there is nothing.
  FeedScan scan = Scan(FeedCursor(tenant_), {.aggregate = Id("a"), .condition = OfNobody()});
  while (!scan.at_end()) {
    const int64_t before = RowsReadFor(*connection_);
    EXPECT_THAT(scan.Next(kScanBatch).value(), IsEmpty());
    EXPECT_LT(RowsReadFor(*connection_) - before, kMostRowsOfAStep);
  }
}

TEST_F(FeedScanTest, AnAggregateIsFoundFromThePositionOfAnothersEvent) {
  CommitNine();
  FeedScan steps = Scan(FeedCursor(tenant_));
  std::vector<int64_t> rest = {1, 2, 3};
  while (!steps.at_end()) {
    EXPECT_EQ(VersionsOf(ReadAll(Scan(steps.cursor(), {.aggregate = Id("first")}), 1)), rest);
    ASSERT_OK_AND_ASSIGN(const auto step, steps.Next(1));
    ASSERT_THAT(step, SizeIs(1));
    if (step[0].event.aggregate == Id("first")) rest.erase(rest.begin());
  }
}

TEST_F(FeedScanTest, AWindowIsUsedUpBeforeTheNext) {
  InsertSealed(tenant_, Id("a"), 2'500);
  const mysql::Condition every_tenth = {.sql = " AND MOD(version, ?) = 0", .parameters = {10}};
  FeedScan scan = Scan(FeedCursor(tenant_), {.condition = every_tenth});
  std::vector<int64_t> versions;
  for (int step = 0; step < 10; ++step) {
    ASSERT_OK_AND_ASSIGN(const auto entries, scan.Next(10));
    for (const FeedEntry& entry : entries) versions.push_back(entry.event.version);
  }
  EXPECT_EQ(scan.examined(), kScanWindow);
  while (!scan.at_end()) {
    ASSERT_OK_AND_ASSIGN(const auto entries, scan.Next(10));
    for (const FeedEntry& entry : entries) versions.push_back(entry.event.version);
  }
  EXPECT_EQ(scan.examined(), 2'500);
  ASSERT_THAT(versions, SizeIs(250));
  for (int i = 0; i < 250; ++i) EXPECT_EQ(versions[i], 10 * (i + 1));
}

TEST_F(FeedScanTest, ASmallTenantOfALargeBucketIsReadAtOnce) {
  InsertSealed(NeighbourOf(tenant_), Id("a"), 10'000);
  InsertSealed(tenant_, Id("b"), 3, /*after=*/10'000);
  FeedScan scan = Scan(FeedCursor(tenant_), {.condition = {.sql = " AND version > ?", .parameters = {1}}});
  EXPECT_THAT(VersionsOf(scan.Next(100).value()), ElementsAre(2, 3));
  EXPECT_TRUE(scan.at_end());
  EXPECT_EQ(scan.examined(), 3);
}

}  // namespace
}  // namespace countersign::events
