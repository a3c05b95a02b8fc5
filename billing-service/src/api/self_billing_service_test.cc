#include <string>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/self_billing_agreement.pb.h"
#include "countersign/billing/v1/self_billing_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class SelfBillingServiceTest : public ApiTest {
 protected:
  v1::CreateSelfBillingAgreementRequest AgreementRequest(Date from) const {
    v1::CreateSelfBillingAgreementRequest request;
    request.set_parent(partner_);
    *request.mutable_self_billing_agreement()->mutable_effective_date() = rpc::ToProto(from);
    request.mutable_self_billing_agreement()->set_region_code("DE");
    request.mutable_self_billing_agreement()->set_tax_id("DE123456789");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::SelfBillingAgreement> Create(const v1::CreateSelfBillingAgreementRequest& request,
                                                  absl::string_view caller = kOperator) {
    return Call(&v1::SelfBillingService::Stub::CreateSelfBillingAgreement, request, caller);
  }
};

TEST_F(SelfBillingServiceTest, AnAgreementIsAVersionThatBeginsTomorrowAtTheEarliest) {
  EXPECT_THAT(Create(AgreementRequest(Date(2009, 6, 1))), HasReason("SELF_BILLING_AGREEMENT_IN_THE_PAST"));
  ASSERT_OK_AND_ASSIGN(const v1::SelfBillingAgreement agreed, Create(AgreementRequest(Date(2009, 6, 2))));
  EXPECT_THAT(Create(AgreementRequest(Date(2009, 6, 2))), HasReason("SELF_BILLING_AGREEMENT_EXISTS"));
  v1::CreateSelfBillingAgreementRequest ending = AgreementRequest(Date(2009, 7, 1));
  ending.mutable_self_billing_agreement()->set_ended(true);
  ExpectViolations(Create(ending).status(), {"self_billing_agreement.region_code", "self_billing_agreement.tax_id"});
  ending.mutable_self_billing_agreement()->clear_region_code();
  ending.mutable_self_billing_agreement()->clear_tax_id();
  ending.set_validate_only(true);
  ASSERT_OK(Create(ending));
  EXPECT_EQ(CountRows("self_billing_agreements"), 1);
  ending.set_validate_only(false);
  ending.set_request_id(NewRequestId());
  ASSERT_OK(Create(ending));
  v1::ListSelfBillingAgreementsRequest list;
  list.set_parent(partner_);
  list.set_filter("effective_date < 2009-07-01");
  ASSERT_OK_AND_ASSIGN(const v1::ListSelfBillingAgreementsResponse page,
                       Call(&v1::SelfBillingService::Stub::ListSelfBillingAgreements, list, partner_));
  ASSERT_EQ(page.self_billing_agreements_size(), 1);
  EXPECT_EQ(page.self_billing_agreements(0).SerializeAsString(), agreed.SerializeAsString());
}

TEST_F(SelfBillingServiceTest, APartnerReadsItsOwnAndAgreesToNothingByItself) {
  ASSERT_OK_AND_ASSIGN(const v1::SelfBillingAgreement agreed, Create(AgreementRequest(Date(2009, 6, 2))));
  v1::GetSelfBillingAgreementRequest get;
  get.set_name(agreed.name());
  ASSERT_OK_AND_ASSIGN(const v1::SelfBillingAgreement read,
                       Call(&v1::SelfBillingService::Stub::GetSelfBillingAgreement, get, partner_));
  EXPECT_EQ(read.SerializeAsString(), agreed.SerializeAsString());
  const std::string other = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
  EXPECT_THAT(Call(&v1::SelfBillingService::Stub::GetSelfBillingAgreement, get, other),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Create(AgreementRequest(Date(2009, 7, 1)), partner_), StatusIs(absl::StatusCode::kPermissionDenied));
  get.set_name(absl::StrCat(partner_, "/selfBillingAgreements/", kId));
  EXPECT_THAT(Call(&v1::SelfBillingService::Stub::GetSelfBillingAgreement, get),
              HasReason("SELF_BILLING_AGREEMENT_NOT_FOUND"));
}

TEST_F(SelfBillingServiceTest, BadFieldsOfAnAgreementAreNamed) {
  ExpectViolations(Create(v1::CreateSelfBillingAgreementRequest()).status(),
                   {"parent", "self_billing_agreement.effective_date", "self_billing_agreement.region_code",
                    "self_billing_agreement.tax_id", "request_id"});
}

}  // namespace
}  // namespace countersign::billing
