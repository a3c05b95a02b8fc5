// Old rows go, young ones stay, and each is looked at once.
#include "common/events/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/events/log_fixture.h"
#include "common/testing/fake_clock.h"

namespace countersign::events {
namespace {

class RetentionTest : public LogTest {
 protected:
  // Aged as it says, of a tenant of its own or of one that many share.
  void Store(const std::string& request, absl::Duration age, bool own_tenant = true) {
    schema().Execute(
        "INSERT INTO stored_replies (tenant_id, caller, method, request_id, request_hash, reply, sealed, create_time) "
        "VALUES (?, 'operators/a', 'm', ?, ?, 'reply', 0, ?)",
        {Id(own_tenant ? request : "shared"), request, std::string(32, 'h'), clock_.Now() - age});
  }

  std::vector<std::string> Kept() {
    std::vector<std::string> kept;
    for (const mysql::Row& row : schema().Query("SELECT request_id FROM stored_replies ORDER BY request_id")) {
      kept.push_back(row.Bytes(0));
    }
    return kept;
  }

  absl::Status Turn() { return task_.run(0, Deadline()); }

  testing::FakeClock clock_;
  const BucketTask task_ = RetentionTask("test", db(), clock_, {StoredReplyRetention()});
};

TEST_F(RetentionTest, AReplyIsKeptForThirtyDaysAndThenGoes) {
  Store("old", absl::Hours(31 * 24) + absl::Microseconds(1));
  Store("promised", absl::Hours(30 * 24));
  Store("young", absl::ZeroDuration());
  ASSERT_OK(Turn());
  EXPECT_THAT(Kept(), ::testing::ElementsAre("promised", "young"));
  clock_.Advance(absl::Hours(24) + absl::Microseconds(1));
  ASSERT_OK(Turn());
  EXPECT_THAT(Kept(), ::testing::ElementsAre("young"));
}

TEST_F(RetentionTest, MoreThanOnePageOfOneMomentGoesInOneTurn) {
  for (int i = 0; i < 1'203; ++i) Store(absl::StrCat("old", i), absl::Hours(40 * 24), /*own_tenant=*/i % 2 == 0);
  Store("young", absl::Hours(1));
  ASSERT_OK(Turn());
  EXPECT_THAT(Kept(), ::testing::ElementsAre("young"));
}

TEST_F(RetentionTest, OnlyTheHolderOfTheFirstBucketDoesIt) {
  Store("old", absl::Hours(40 * 24));
  for (int bucket = 1; bucket < kBuckets; ++bucket) ASSERT_OK(task_.run(bucket, Deadline()));
  EXPECT_THAT(Kept(), ::testing::ElementsAre("old"));
  EXPECT_THAT(*task_.due(Deadline()), ::testing::ElementsAre(0));
}

// What `only` leaves alone is not read again and again.
TEST_F(RetentionTest, ARowThatIsLeftAloneIsLookedAtOnce) {
  Retention retention = StoredReplyRetention();
  retention.only = "AND expired.sealed = 1";
  const BucketTask task = RetentionTask("test", db(), clock_, {retention});
  Store("left", absl::Hours(40 * 24));
  Store("sealed", absl::Hours(39 * 24));
  schema().Execute("UPDATE stored_replies SET sealed = 1 WHERE request_id = 'sealed'");
  ASSERT_OK(task.run(0, Deadline()));
  EXPECT_THAT(Kept(), ::testing::ElementsAre("left"));
  schema().Execute("UPDATE stored_replies SET sealed = 1");
  ASSERT_OK(task.run(0, Deadline()));
  EXPECT_THAT(Kept(), ::testing::ElementsAre("left"));
  ASSERT_OK(RetentionTask("test", db(), clock_, {retention}).run(0, Deadline()));  // Another process.
  EXPECT_THAT(Kept(), ::testing::IsEmpty());
}

TEST_F(RetentionTest, ATableThatFailsHoldsBackNoOther) {
  Retention broken = StoredReplyRetention();
  broken.only = "AND expired.no_such_column = 1";
  Store("old", absl::Hours(40 * 24));
  const BucketTask task = RetentionTask("test", db(), clock_, {broken, StoredReplyRetention()});
  EXPECT_FALSE(task.run(0, Deadline()).ok());
  EXPECT_THAT(Kept(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace countersign::events
