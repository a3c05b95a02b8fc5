#include <string>

#include "billing-service/src/api/api_test_base.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"

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

v1::ChangeBillingContactRequest ContactRequest(const std::string& account, const std::string& email) {
  v1::ChangeBillingContactRequest request;
  request.set_name(account);
  request.set_billing_email(email);
  request.set_reason("the customer wrote");
  request.set_request_id(testing::NewRequestId());
  return request;
}

TEST_F(BillingAccountServiceTest, AnotherBillingContactGetsInvoicesAtOnceAndCodesAfterAWeek) {
  using Stub = v1::BillingAccountService::Stub;
  EXPECT_THAT(Call(&Stub::ChangeBillingContact, ContactRequest(account_, "new@fabrikam.example")),
              HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  ASSERT_OK(Activate(OrderRequest()));
  v1::ChangeBillingContactRequest request = ContactRequest(account_, "new@fabrikam.example");
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount would, Call(&Stub::ChangeBillingContact, request));
  EXPECT_EQ(would.billing_email(), "new@fabrikam.example");
  EXPECT_EQ(CountRows("billing_contacts"), 0);
  request.set_validate_only(false);
  const absl::Time changed_at = clock_.Now();
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount changed, Call(&Stub::ChangeBillingContact, request));
  EXPECT_EQ(changed.former_billing_email(), "billing@fabrikam.example");
  EXPECT_EQ(changed.codes_move_time().seconds(), absl::ToUnixSeconds(changed_at + absl::Hours(7 * 24)));
  v1::GetBillingAccountRequest get;
  get.set_name(account_);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount read, Call(&Stub::GetBillingAccount, get));
  EXPECT_EQ(read.SerializeAsString(), changed.SerializeAsString());
  EXPECT_EQ(CountRows("billing_contacts WHERE billing_email = 'billing@fabrikam.example' AND until_version = 2"), 1);
  EXPECT_THAT(Call(&Stub::ChangeBillingContact, ContactRequest(account_, "new@fabrikam.example")),
              HasReason("BILLING_CONTACT_UNCHANGED"));
  v1::ChangeBillingContactRequest stale = ContactRequest(account_, "third@fabrikam.example");
  stale.set_etag("1");
  EXPECT_THAT(Call(&Stub::ChangeBillingContact, stale), HasReason("ETAG_MISMATCH"));
  stale.set_etag(changed.etag());
  clock_.Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount again, Call(&Stub::ChangeBillingContact, stale));
  EXPECT_EQ(again.former_billing_email(), "billing@fabrikam.example") << "the second change takes no code away";
  ExpectViolations(Call(&Stub::ChangeBillingContact, ContactRequest(account_, "nobody")).status(), {"billing_email"});
}

}  // namespace
}  // namespace countersign::billing
