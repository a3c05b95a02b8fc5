#include <string>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/explanation.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/fee_schedule.pb.h"
#include "countersign/billing/v1/fee_schedule_service.grpc.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::HasSubstr;

class FeeScheduleServiceTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    database_->Execute("DELETE FROM fee_schedules WHERE effective_date > '2000-01-01'");
  }
  static v1::CreateFeeScheduleRequest Request(Date from, int32_t first_year = 1000, int32_t later = 500) {
    v1::CreateFeeScheduleRequest request;
    v1::FeeSchedule& schedule = *request.mutable_fee_schedule();
    *schedule.mutable_effective_date() = rpc::ToProto(from);
    schedule.set_first_year_rate_basis_points(first_year);
    schedule.set_later_rate_basis_points(later);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::FeeSchedule> Create(const v1::CreateFeeScheduleRequest& request) {
    return Call(&v1::FeeScheduleService::Stub::CreateFeeSchedule, request);
  }
  absl::StatusOr<v1::ListFeeSchedulesResponse> List(const std::string& filter = "") {
    v1::ListFeeSchedulesRequest request;
    request.set_filter(filter);
    return Call(&v1::FeeScheduleService::Stub::ListFeeSchedules, request);
  }
  std::string WhyFee(const std::string& fee) {
    v1::ExplainFeeRequest request;
    request.set_name(fee);
    const absl::StatusOr<v1::Explanation> explanation = Call(&v1::FeeService::Stub::ExplainFee, request);
    EXPECT_OK(explanation);
    return explanation.ok() ? explanation->DebugString() : "";
  }
};

TEST_F(FeeScheduleServiceTest, LinesThatBeginUnderANewScheduleEarnItsRateAndOlderOnesKeepTheirs) {
  ASSERT_OK(Create(Request(Date(2009, 6, 2))));
  const std::string first = OpenInvoice("first");
  SetDay(Date(2009, 6, 2));
  v1::ActivateOrderRequest order = OrderRequest("second");
  *order.mutable_start_date() = rpc::ToProto(Date(2009, 6, 2));
  *order.mutable_confirm_time() = rpc::ToProto(StartOf(Date(2009, 6, 2)) + absl::Hours(8));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(order));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK 1", first)));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK 2", second.invoices(0))));
  Drain();
  const auto fees = Fees(kOperator);
  ASSERT_EQ(fees.size(), 2U);
  const bool in_order = fees[0].amount().units() == 45;
  const v1::Fee& by_first = fees[in_order ? 0 : 1];
  const v1::Fee& by_second = fees[in_order ? 1 : 0];
  EXPECT_EQ(by_first.amount().units(), 45);
  EXPECT_EQ(by_second.amount().units(), 37) << "375.00 × 10 %";
  EXPECT_EQ(by_second.amount().nanos(), 500'000'000);
  EXPECT_THAT(WhyFee(by_first.name()), HasSubstr("2000-01-01"));
  EXPECT_THAT(WhyFee(by_second.name()), HasSubstr("2009-06-02"));
  ExpectBalancedBooks();
}

TEST_F(FeeScheduleServiceTest, TheFirstOneIsBuiltInAndOthersBeginTomorrowAtTheEarliest) {
  ASSERT_OK_AND_ASSIGN(const v1::ListFeeSchedulesResponse built_in, List());
  ASSERT_EQ(built_in.fee_schedules_size(), 1);
  EXPECT_EQ(built_in.fee_schedules(0).first_year_rate_basis_points(), 1200);
  EXPECT_EQ(built_in.fee_schedules(0).later_rate_basis_points(), 600);
  EXPECT_THAT(Create(Request(Date(2009, 6, 1))), HasReason("FEE_SCHEDULE_IN_THE_PAST"));
  ASSERT_OK_AND_ASSIGN(const v1::FeeSchedule created, Create(Request(Date(2009, 6, 2), 0, 10'000)));
  EXPECT_THAT(Create(Request(Date(2009, 6, 2))), HasReason("FEE_SCHEDULE_EXISTS"));
  ASSERT_OK_AND_ASSIGN(const v1::ListFeeSchedulesResponse later, List("effective_date > 2009-06-01"));
  ASSERT_EQ(later.fee_schedules_size(), 1);
  EXPECT_EQ(later.fee_schedules(0).SerializeAsString(), created.SerializeAsString());
  v1::GetFeeScheduleRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::FeeSchedule read, Call(&v1::FeeScheduleService::Stub::GetFeeSchedule, get));
  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
  get.set_name("feeSchedules/" + kId);
  EXPECT_THAT(Call(&v1::FeeScheduleService::Stub::GetFeeSchedule, get), HasReason("FEE_SCHEDULE_NOT_FOUND"));
}

TEST_F(FeeScheduleServiceTest, NothingIsWrittenByValidateOnly) {
  v1::CreateFeeScheduleRequest request = Request(Date(2009, 6, 2));
  request.set_validate_only(true);
  ASSERT_OK(Create(request));
  EXPECT_EQ(CountRows("fee_schedules"), 1);
  EXPECT_EQ(CountRows("events"), 0);
}

TEST_F(FeeScheduleServiceTest, NamesTheBadFields) {
  ExpectViolations(Create(v1::CreateFeeScheduleRequest()).status(), {"fee_schedule.effective_date", "request_id"});
  ExpectViolations(Create(Request(Date(2009, 6, 2), -1, 10'001)).status(),
                   {"fee_schedule.first_year_rate_basis_points", "fee_schedule.later_rate_basis_points"});
  EXPECT_THAT(Call(&v1::FeeScheduleService::Stub::CreateFeeSchedule, Request(Date(2009, 6, 2)), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ExpectViolations(List("soon").status(), {"filter"});
}

}  // namespace
}  // namespace countersign::billing
