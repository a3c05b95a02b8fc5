#include <string>

#include "billing-service/src/api/api_test_base.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;

using BillingAccountServiceTest = ApiTest;

TEST_F(BillingAccountServiceTest, UnknownNameIsNotFound) {
  v1::GetBillingAccountRequest request;
  request.set_name(account_);
  EXPECT_THAT(Call(&v1::BillingAccountService::Stub::GetBillingAccount, request),
              HasReason("BILLING_ACCOUNT_NOT_FOUND"));
}

TEST_F(BillingAccountServiceTest, ReadsTheAccountThatTheOrderMade) {
  ASSERT_OK(Activate(OrderRequest()));
  v1::GetBillingAccountRequest request;
  request.set_name(account_);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount account,
                       Call(&v1::BillingAccountService::Stub::GetBillingAccount, request));
  EXPECT_EQ(account.name(), account_);
  EXPECT_EQ(account.currency_code(), "USD");
  EXPECT_EQ(account.etag(), "1");
  EXPECT_EQ(account.credit().units(), 0);
}

TEST_F(BillingAccountServiceTest, NamesTheBadField) {
  for (const std::string& name : BadNames()) {
    v1::GetBillingAccountRequest request;
    request.set_name(name);
    ExpectViolations(Call(&v1::BillingAccountService::Stub::GetBillingAccount, request).status(), {"name"});
  }
}

}  // namespace
}  // namespace countersign::billing
