#include "common/events/head_export.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/events/event_log.h"
#include "common/events/log_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace countersign::events {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

class HeadExportTest : public LogTest {
 protected:
  static void CommitAndSeal(const Uuid& tenant, const Uuid& aggregate, int64_t version) {
    ASSERT_OK(CommitEvents({MakeEvent(tenant, aggregate, version)}));
    const auto sealer = MakeRelay(db(), {.owner = "test"}, {}, {});
    ASSERT_OK(sealer->Drain(Deadline()));
  }

  // What one turn on every bucket logs.
  static std::vector<Json> Logged(const BucketTask& task) {
    ::testing::internal::CaptureStderr();
    for (int bucket = 0; bucket < kBuckets; ++bucket) EXPECT_OK(task.run(bucket, Deadline()));
    std::vector<Json> records;
    const std::string output = ::testing::internal::GetCapturedStderr();
    for (const absl::string_view line : absl::StrSplit(output, '\n', absl::SkipEmpty())) {
      records.push_back(Json::parse(std::string(line)));
    }
    return records;
  }

  static void ExpectError(const std::vector<Json>& records, const LogHead& known) {
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0]["level"], "error");
    EXPECT_EQ(records[0]["message"], "the audit log was cut off or replaced");
    EXPECT_EQ(records[0]["position"], absl::StrCat(known.position));
    EXPECT_EQ(records[0]["seal"], absl::Base64Escape(known.seal));
  }

  static LogHead HeadNow(int bucket) {
    const auto connection = schema().Connect();
    return ReadHead(*connection, bucket).value();
  }

  const Uuid tenant_ = Id("tenant");
  const int bucket_ = BucketOf(tenant_);
  const BucketTask task_ = HeadExport(db(), absl::Minutes(10));
};

TEST_F(HeadExportTest, LogsAHeadOnceAndAgainWhenItHasMoved) {
  EXPECT_THAT(Logged(task_), IsEmpty());
  for (int64_t version = 1; version <= 2; ++version) {
    CommitAndSeal(tenant_, Id("a"), version);
    const std::vector<Json> records = Logged(task_);
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0]["level"], "info");
    EXPECT_EQ(records[0]["message"], "audit head");
    EXPECT_TRUE(records[0].contains("service"));
    EXPECT_EQ(records[0]["bucket"], absl::StrCat(bucket_));
    EXPECT_EQ(records[0]["position"], absl::StrCat(version));
    EXPECT_EQ(records[0]["seal"], absl::Base64Escape(HeadNow(bucket_).seal));
    EXPECT_THAT(Logged(task_), IsEmpty());
  }
  // A process that starts anew knows of none.
  EXPECT_THAT(Logged(HeadExport(db(), absl::Minutes(10))), SizeIs(1));
}

TEST_F(HeadExportTest, AHeadThatIsNoLongerThereIsAnErrorUntilItIsBack) {
  for (int64_t version = 1; version <= 3; ++version) CommitAndSeal(tenant_, Id("a"), version);
  Logged(task_);
  const LogHead known = HeadNow(bucket_);
  for (const char* tampering : {"UPDATE events SET seal = REPEAT('x', 32) WHERE position = 3",
                                "DELETE FROM events WHERE position = 3", "DELETE FROM events"}) {
    schema().Execute("CREATE TABLE kept LIKE events");
    schema().Execute("INSERT INTO kept SELECT * FROM events");
    schema().Execute(tampering);
    for (int turn = 0; turn < 2; ++turn) ExpectError(Logged(task_), known);
    schema().Execute("DELETE FROM events");
    schema().Execute("INSERT INTO events SELECT * FROM kept");
    schema().Execute("DROP TABLE kept");
    EXPECT_THAT(Logged(task_), IsEmpty()) << tampering;
  }
}

TEST_F(HeadExportTest, ACutTailThatHasGrownAgainIsAnErrorWithWhatWasCutOff) {
  for (int64_t version = 1; version <= 3; ++version) CommitAndSeal(tenant_, Id("a"), version);
  Logged(task_);
  const LogHead known = HeadNow(bucket_);
  schema().Execute("DELETE FROM events WHERE position > 1");
  // To the same position with another history, and beyond it.
  for (int64_t version = 1; version <= 4; ++version) {
    CommitAndSeal(tenant_, Id("b"), version);
    ExpectError(Logged(task_), known);
  }
  EXPECT_EQ(HeadNow(bucket_).position, 5);
}

}  // namespace
}  // namespace countersign::events
