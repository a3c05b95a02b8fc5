#include "common/base/error.h"

#include "common/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ErrorTest, CarriesReasonAndMetadataInTheOrderGiven) {
  const absl::Status status =
      FailedPrecondition("WRONG_STATE", "the row is CLOSED", {{"state", "CLOSED"}, {"allowed", "OPEN"}});
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(), "the row is CLOSED");
  EXPECT_EQ(DetailsOf(status).reason, "WRONG_STATE");
  EXPECT_THAT(DetailsOf(status).metadata, ElementsAre(Pair("state", "CLOSED"), Pair("allowed", "OPEN")));
}

TEST(ErrorTest, FindsNoDetailsInAForeignStatus) {
  EXPECT_EQ(DetailsOf(absl::InternalError("x")).reason, "");
  EXPECT_EQ(DetailsOf(absl::OkStatus()).reason, "");
}

TEST(ErrorTest, NewDetailsReplaceTheOldOnes) {
  const absl::Status status = WithDetails(NotFound("OLD", "gone"), {"NEW", {{"name", "x"}}, {}});
  EXPECT_EQ(DetailsOf(status).reason, "NEW");
  EXPECT_TRUE(WithDetails(absl::OkStatus(), {"NEW", {}, {}}).ok());
}

TEST(ErrorTest, SurvivesTextThatIsNotUtf8) {
  EXPECT_THAT(DetailsOf(NotFound("R", "m", {{"name", "a\xff"}})).metadata, ElementsAre(Pair("name", "a\uFFFD")));
}

TEST(ErrorTest, TellsALostRaceFromOtherAborts) {
  EXPECT_TRUE(IsLostRace(LostRace()));
  EXPECT_TRUE(absl::IsAborted(LostRace()));
  EXPECT_FALSE(IsLostRace(Error(absl::StatusCode::kAborted, "ETAG_MISMATCH", "read it again")));
  EXPECT_FALSE(IsLostRace(absl::OkStatus()));
}

TEST(FieldViolationsTest, ReportsAllAtOnce) {
  FieldViolations violations;
  EXPECT_TRUE(violations.ToStatus().ok());
  violations.Add("quantity", "must be from 1 to 1,000,000");
  violations.AddIfError("name", absl::OkStatus());
  violations.AddIfError("price", absl::InvalidArgumentError("too fine"));
  const absl::Status status = violations.ToStatus();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "quantity: must be from 1 to 1,000,000; price: too fine");
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "INVALID_FIELD");
  ASSERT_EQ(details.violations.size(), 2u);
  EXPECT_EQ(details.violations[1].field, "price");
  EXPECT_EQ(details.violations[1].description, "too fine");
  EXPECT_EQ(DetailsOf(InvalidField("a", "b")).violations.size(), 1u);
}

absl::StatusOr<int> Half(int value) {
  if (value % 2 != 0) return NotFound("ODD", "no half");
  return value / 2;
}

absl::Status Quarter(int value, int* result) {
  RETURN_IF_ERROR(Half(value).status());
  ASSIGN_OR_RETURN(const int half, Half(value));
  ASSIGN_OR_RETURN(*result, Half(half));
  return absl::OkStatus();
}

TEST(StatusMacrosTest, ReturnTheFirstError) {
  int result = 0;
  EXPECT_TRUE(Quarter(12, &result).ok());
  EXPECT_EQ(result, 3);
  EXPECT_EQ(DetailsOf(Quarter(6, &result)).reason, "ODD");
  EXPECT_EQ(result, 3);
}

}  // namespace
}  // namespace countersign
