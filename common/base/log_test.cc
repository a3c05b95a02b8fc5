#include "common/base/log.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace countersign {
namespace {

using Json = nlohmann::json;

// The records that `write` leaves on standard error.
template <typename Write>
std::vector<Json> RecordsOf(Write write) {
  ::testing::internal::CaptureStderr();
  write();
  std::vector<Json> records;
  for (absl::string_view line : absl::StrSplit(::testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty())) {
    records.push_back(Json::parse(std::string(line)));
  }
  return records;
}

TEST(LogTest, WritesOneJsonLinePerRecord) {
  SetUpLogging("test-service", Level::kInfo);
  const std::vector<Json> records = RecordsOf([] { Log(Level::kWarning, "two\nlines \"x\"", {{"key", "a\\b"}}); });
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0]["level"], "warning");
  EXPECT_EQ(records[0]["service"], "test-service");
  EXPECT_EQ(records[0]["message"], "two\nlines \"x\"");
  EXPECT_EQ(records[0]["key"], "a\\b");
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, records[0]["time"].get<std::string>(), &time, nullptr));
}

TEST(LogTest, LeavesOutWhatIsBelowTheLevel) {
  SetUpLogging("test-service", Level::kWarning);
  EXPECT_EQ(RecordsOf([] {
              Log(Level::kDebug, "no");
              Log(Level::kInfo, "no");
              Log(Level::kWarning, "yes");
              Log(Level::kError, "yes");
            }).size(),
            2u);
}

TEST(LogTest, ReplacesInvalidUtf8AndKeepsItsOwnNames) {
  SetUpLogging("test-service", Level::kInfo);
  const std::vector<Json> records =
      RecordsOf([] { Log(Level::kError, "{} %s \xff", {{"level", "forged"}, {"k\xfe", "\xc3"}}); });
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0]["message"], "{} %s \uFFFD");
  EXPECT_EQ(records[0]["level"], "error");
  EXPECT_EQ(records[0]["k\uFFFD"], "\uFFFD");
}

TEST(LogTest, WritesOnlySoManyRecordsSparinglyAndCountsTheRest) {
  SetUpLogging("test-service", Level::kInfo);
  const auto write = [](int times) {
    return RecordsOf([times] {
      for (int i = 0; i < times; ++i) LogSparingly(Level::kInfo, "x");
    });
  };
  const std::vector<Json> first = write(10'000);
  EXPECT_GE(first.size(), static_cast<size_t>(kSparingRecordsPerSecond));
  EXPECT_LE(first.size(), 5u * kSparingRecordsPerSecond);  // A slow machine takes some seconds for them.
  std::vector<Json> next;
  while (next.empty()) next = write(1);
  EXPECT_GE(std::stoi(next[0]["left_out"].get<std::string>()), 10'000 - 5 * kSparingRecordsPerSecond);
  EXPECT_EQ(RecordsOf([] { Log(Level::kInfo, "ours"); }).size(), 1u);
}

TEST(LogTest, KeepsLinesWholeAcrossThreads) {
  SetUpLogging("test-service", Level::kInfo);
  const std::vector<Json> records = RecordsOf([] {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) Log(Level::kInfo, std::string(200, 'x'), {{"i", std::to_string(i)}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  EXPECT_EQ(records.size(), 400u);
}

}  // namespace
}  // namespace countersign
