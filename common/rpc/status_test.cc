#include "common/rpc/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace countersign::rpc {
namespace {

constexpr char kTrace[] = "0123456789abcdef0123456789abcdef";

google::rpc::Status WireOf(const grpc::Status& status) {
  google::rpc::Status wire;
  EXPECT_TRUE(wire.ParseFromString(status.error_details()));
  EXPECT_EQ(wire.code(), status.error_code());
  EXPECT_EQ(wire.message(), status.error_message());
  return wire;
}

TEST(StatusTest, CarriesReasonMetadataAndViolationsOverTheWireAndBack) {
  FieldViolations violations;
  violations.Add("lines[0].quantity", "must be 1 to 10");
  violations.Add("currency", "is required");
  const absl::Status back = FromGrpc(ToGrpc(violations.ToStatus(), kTrace));
  EXPECT_EQ(back.code(), absl::StatusCode::kInvalidArgument);
  const ErrorDetails details = DetailsOf(back);
  EXPECT_EQ(details.reason, "INVALID_FIELD");
  ASSERT_EQ(details.violations.size(), 2u);
  EXPECT_EQ(details.violations[0].field, "lines[0].quantity");
  const absl::Status state = FailedPrecondition("ORDER_STATE", "It is cancelled.", {{"state", "CANCELLED"}});
  EXPECT_EQ(DetailsOf(FromGrpc(ToGrpc(state, kTrace))).metadata, (ErrorMetadata{{"state", "CANCELLED"}}));
}

TEST(StatusTest, GivesEveryErrorAnErrorInfo) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status = ToGrpc(absl::Status(static_cast<absl::StatusCode>(code), "inside"), kTrace);
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(WireOf(status).details(0).UnpackTo(&info)) << code;
    EXPECT_FALSE(info.reason().empty());
    EXPECT_EQ(info.domain(), "countersign");
    EXPECT_EQ(info.metadata().at("traceId"), kTrace);
    EXPECT_EQ(status.error_message().find("inside"), std::string::npos) << "text without a reason is internal";
  }
}

TEST(StatusTest, AddsWhatTheCodeAsksFor) {
  google::rpc::PreconditionFailure failure;
  ASSERT_TRUE(WireOf(ToGrpc(FailedPrecondition("A_RULE", "No."), kTrace)).details(1).UnpackTo(&failure));
  EXPECT_EQ(failure.violations(0).type(), "A_RULE");
  google::rpc::RetryInfo retry;
  EXPECT_TRUE(WireOf(ToGrpc(absl::UnavailableError(""), kTrace)).details(1).UnpackTo(&retry));
  EXPECT_TRUE(WireOf(ToGrpc(absl::ResourceExhaustedError(""), kTrace)).details(1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  const absl::Status later =
      Error(absl::StatusCode::kResourceExhausted, "LATER", "No.", {{kRetryDelayMetadata, "2070"}});
  ASSERT_TRUE(WireOf(ToGrpc(later, kTrace)).details(1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 2);
  EXPECT_EQ(retry.retry_delay().nanos(), 70'000'000);
}

TEST(StatusTest, StaysBelowTheEightKibibytesOfTrailingMetadata) {
  FieldViolations violations;
  for (int i = 0; i < 500; ++i) {
    violations.Add(absl::StrCat("line_items[", i, "].quantity"), "must be 1 to 1000000 – 数量");
  }
  const grpc::Status status = ToGrpc(violations.ToStatus(), kTrace);
  EXPECT_LT(status.error_details().size() * 4 / 3 + status.error_message().size() * 3, 8000u);
  google::rpc::BadRequest bad;
  ASSERT_TRUE(WireOf(status).details(1).UnpackTo(&bad));
  EXPECT_GT(bad.field_violations_size(), 30);
  EXPECT_THAT(bad.field_violations(bad.field_violations_size() - 1).description(), ::testing::HasSubstr("more"));
}

TEST(StatusTest, TurnsDataLossAndUnknownIntoInternal) {
  EXPECT_EQ(PublicStatus(Error(absl::StatusCode::kDataLoss, "CHAIN_BROKEN", "x")).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(PublicStatus(absl::UnknownError("x")).code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace countersign::rpc
