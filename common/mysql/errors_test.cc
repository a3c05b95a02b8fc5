#include "common/mysql/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "common/testing/status_matchers.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

TEST(ErrorsTest, ConflictsAreRetryable) {
  for (const int number : {1213, 1205, 1020, 3101}) {
    const absl::Status status = StatusOfError(number, "text");
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted)) << number;
    EXPECT_TRUE(IsRetryable(status)) << number;
    EXPECT_FALSE(IsConnectionLost(status)) << number;
  }
}

TEST(ErrorsTest, LostConnectionsAreUnavailable) {
  for (const int number : {2002, 2003, 2006, 2013, 2055, 1053, 1927, 3032, 3169, 4031}) {
    const absl::Status status = StatusOfError(number, "text");
    EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE")) << number;
    EXPECT_TRUE(IsConnectionLost(status)) << number;
    EXPECT_FALSE(IsRetryable(status)) << number;
  }
}

TEST(ErrorsTest, ADemotedPrimaryIsUnavailableAndNotLost) {
  for (const int number : {1290, 1836, 1792, 3100}) {
    const absl::Status status = StatusOfError(number, "text");
    EXPECT_THAT(status, HasReason("DATABASE_READ_ONLY")) << number;
    EXPECT_TRUE(IsReadOnly(status)) << number;
    EXPECT_FALSE(IsConnectionLost(status)) << number;
  }
}

TEST(ErrorsTest, AFullDiskPasses) {
  for (const int number : {1114, 1021, 1026, 1598, 3, 20}) {
    EXPECT_THAT(StatusOfError(number, "text"), HasReason("DATABASE_UNAVAILABLE")) << number;
  }
  EXPECT_THAT(StatusOfError(1030, "Got error 28 \"No space left on device\" from storage engine InnoDB"),
              HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_THAT(StatusOfError(1030, "Got error 127 from storage engine"), HasReason("DATABASE_ERROR"));
}

TEST(ErrorsTest, TheOthersHaveTheirCodes) {
  EXPECT_THAT(StatusOfError(1062, ""), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_TRUE(IsDuplicateKey(StatusOfError(1062, "")));
  EXPECT_THAT(StatusOfError(1040, ""), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(StatusOfError(1114, ""), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(StatusOfError(3024, ""), StatusIs(absl::StatusCode::kDeadlineExceeded));
  for (const int number : {1406, 1264, 1366, 1064, 0}) {
    EXPECT_THAT(StatusOfError(number, "text"), StatusIs(absl::StatusCode::kInternal)) << number;
  }
}

TEST(ErrorsTest, OnlyInternalErrorsRepeatTheServersTextToTheCaller) {
  const absl::Status duplicate = StatusOfError(1062, "Duplicate entry 'secret' for key 'PRIMARY'");
  EXPECT_THAT(duplicate.message(), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_EQ(ServerMessageOf(duplicate), "Duplicate entry 'secret' for key 'PRIMARY'");
  EXPECT_EQ(ErrorNumberOf(duplicate), 1062);
}

TEST(ErrorsTest, AStatusFromElsewhereHasNoNumber) {
  EXPECT_EQ(ErrorNumberOf(absl::OkStatus()), 0);
  EXPECT_EQ(ErrorNumberOf(absl::AbortedError("1213")), 0);
  EXPECT_FALSE(IsRetryable(absl::AbortedError("1213")));
  EXPECT_EQ(ServerMessageOf(absl::OkStatus()), "");
}

}  // namespace
}  // namespace countersign::mysql
