#include <string>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/withholding_rate.pb.h"
#include "countersign/billing/v1/withholding_rate_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class WithholdingRateServiceTest : public ApiTest {
 protected:
  static v1::CreateWithholdingRateRequest Request(Date from, const std::string& form = "") {
    v1::CreateWithholdingRateRequest request;
    v1::WithholdingRate& rate = *request.mutable_withholding_rate();
    rate.set_region_code("US");
    rate.set_tax_form_kind(form);
    rate.set_basis_points(2800);
    *rate.mutable_effective_date() = rpc::ToProto(from);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::WithholdingRate> Create(const v1::CreateWithholdingRateRequest& request) {
    return Call(&v1::WithholdingRateService::Stub::CreateWithholdingRate, request);
  }
};

TEST_F(WithholdingRateServiceTest, ARateIsAVersionOfItsCountryAndForm) {
  ASSERT_OK_AND_ASSIGN(const v1::WithholdingRate first, Create(Request(Date(2009, 1, 1))));
  EXPECT_THAT(Create(Request(Date(2009, 1, 1))), HasReason("WITHHOLDING_RATE_EXISTS"));
  EXPECT_THAT(Create(Request(Date(2009, 6, 1))), HasReason("WITHHOLDING_RATE_IN_THE_PAST"));
  ASSERT_OK(Create(Request(Date(2009, 1, 1), "W-9"))) << "the first of its form";
  ASSERT_OK(Create(Request(Date(2009, 6, 2))));
  v1::ListWithholdingRatesRequest list;
  list.set_filter("region_code = \"US\" AND tax_form_kind = \"\" AND effective_date < 2009-06-01");
  ASSERT_OK_AND_ASSIGN(const v1::ListWithholdingRatesResponse page,
                       Call(&v1::WithholdingRateService::Stub::ListWithholdingRates, list));
  ASSERT_EQ(page.withholding_rates_size(), 1);
  EXPECT_EQ(page.withholding_rates(0).SerializeAsString(), first.SerializeAsString());
  v1::GetWithholdingRateRequest get;
  get.set_name(first.name());
  ASSERT_OK_AND_ASSIGN(const v1::WithholdingRate read,
                       Call(&v1::WithholdingRateService::Stub::GetWithholdingRate, get));
  EXPECT_EQ(read.SerializeAsString(), first.SerializeAsString());
  get.set_name("withholdingRates/" + kId);
  EXPECT_THAT(Call(&v1::WithholdingRateService::Stub::GetWithholdingRate, get),
              HasReason("WITHHOLDING_RATE_NOT_FOUND"));
}

TEST_F(WithholdingRateServiceTest, OneThatIsOnlyValidatedIsNotPublished) {
  v1::CreateWithholdingRateRequest request = Request(Date(2009, 1, 1));
  request.set_validate_only(true);
  ASSERT_OK(Create(request));
  EXPECT_EQ(CountRows("withholding_rates"), 0);
}

TEST_F(WithholdingRateServiceTest, BadFieldsAreNamed) {
  ExpectViolations(Create(v1::CreateWithholdingRateRequest()).status(),
                   {"withholding_rate.region_code", "withholding_rate.effective_date", "request_id"});
  v1::CreateWithholdingRateRequest request = Request(Date(2009, 1, 1), "W/9");
  request.mutable_withholding_rate()->set_basis_points(10'001);
  ExpectViolations(Create(request).status(), {"withholding_rate.tax_form_kind", "withholding_rate.basis_points"});
  EXPECT_THAT(Call(&v1::WithholdingRateService::Stub::CreateWithholdingRate, Request(Date(2009, 1, 1)), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace countersign::billing
