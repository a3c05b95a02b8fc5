#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

using BillingAccountServiceTest = ApiTest;

TEST_F(BillingAccountServiceTest, FindsTheAccountsOfThePartnerWithANumber) {
  OpenInvoice();
  payees_.numbers = {{"P-1", partner_}, {"P-2", absl::StrCat("partners/", kId)}};
  const auto found = [&](const std::string& number) {
    v1::SearchBillingAccountsRequest by;
    by.set_partner_number(number);
    return Call(&v1::BillingAccountService::Stub::SearchBillingAccounts, by);
  };
  ASSERT_OK_AND_ASSIGN(const v1::SearchBillingAccountsResponse of_partner, found("P-1"));
  ASSERT_EQ(of_partner.billing_accounts_size(), 1);
  EXPECT_EQ(of_partner.billing_accounts(0).name(), account_);
  ASSERT_OK_AND_ASSIGN(const v1::SearchBillingAccountsResponse of_another, found("P-2"));
  EXPECT_EQ(of_another.billing_accounts_size(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::SearchBillingAccountsResponse of_nobody, found("P-3"));
  EXPECT_EQ(of_nobody.billing_accounts_size(), 0);
  ExpectViolations(found("").status(), {"partner_number"});
  payees_.status = absl::UnavailableError("partner-service does not answer");
  EXPECT_THAT(found("P-1"), StatusIs(absl::StatusCode::kUnavailable));
  payees_.status = absl::OkStatus();
}

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

TEST_F(BillingAccountServiceTest, WhoTypedTheBillingContactCorrectsItUntilSomebodyReadItsMail) {
  using Stub = v1::BillingAccountService::Stub;
  ASSERT_OK(Activate(OrderRequest()));
  v1::GetBillingAccountRequest get;
  get.set_name(account_);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount opened, Call(&Stub::GetBillingAccount, get));
  EXPECT_EQ(opened.correctable_by_order(), OrderRequest().order());

  v1::ChangeBillingContactRequest request = ContactRequest(account_, "right@fabrikam.example");
  request.set_corrected_by_order(absl::StrCat("partners/", Uuid().ToString(), "/orders/", Uuid().ToString()));
  EXPECT_THAT(Call(&Stub::ChangeBillingContact, request), HasReason("BILLING_CONTACT_NOT_CORRECTABLE"))
      << "another order's customer typed it";
  request.set_request_id(NewRequestId());
  request.set_corrected_by_order(opened.correctable_by_order());
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount corrected, Call(&Stub::ChangeBillingContact, request));
  EXPECT_EQ(corrected.billing_email(), "right@fabrikam.example");
  EXPECT_EQ(corrected.former_billing_email(), "") << "no code goes to the address that was mistyped";
  EXPECT_FALSE(corrected.has_codes_move_time());
  EXPECT_EQ(corrected.correctable_by_order(), opened.correctable_by_order());
  EXPECT_EQ(CountRows("events WHERE type = 'BILLING_CONTACT_CORRECTED'"), 1);
  EXPECT_EQ(CountRows("billing_contacts WHERE billing_email = 'billing@fabrikam.example' AND code_email = "
                      "'right@fabrikam.example'"),
            1);

  v1::VerifyBillingContactRequest verify;
  verify.set_name(account_);
  verify.set_reason("a code from its mail was right");
  verify.set_request_id(NewRequestId());
  verify.set_etag(opened.etag());
  EXPECT_THAT(Call(&Stub::VerifyBillingContact, verify), HasReason("ETAG_MISMATCH"));
  verify.set_etag(corrected.etag());
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount verified, Call(&Stub::VerifyBillingContact, verify));
  EXPECT_EQ(verified.correctable_by_order(), "");
  verify.set_request_id(NewRequestId());
  verify.set_etag("");
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount again, Call(&Stub::VerifyBillingContact, verify));
  EXPECT_EQ(again.etag(), verified.etag()) << "it is left as it is";
  request.set_request_id(NewRequestId());
  request.set_billing_email("third@fabrikam.example");
  EXPECT_THAT(Call(&Stub::ChangeBillingContact, request), HasReason("BILLING_CONTACT_NOT_CORRECTABLE"));
}

TEST_F(BillingAccountServiceTest, AContactThatChangedIsNotCorrectedWithoutACode) {
  using Stub = v1::BillingAccountService::Stub;
  ASSERT_OK(Activate(OrderRequest()));
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount changed,
                       Call(&Stub::ChangeBillingContact, ContactRequest(account_, "new@fabrikam.example")));
  EXPECT_EQ(changed.correctable_by_order(), "");
}

v1::UpdateBillingAccountRequest RenameRequest(const std::string& account, const std::string& company) {
  v1::UpdateBillingAccountRequest request;
  request.mutable_billing_account()->set_name(account);
  request.mutable_billing_account()->set_company_name(company);
  request.set_reason("it was renamed");
  request.set_request_id(NewRequestId());
  return request;
}

TEST_F(BillingAccountServiceTest, PaymentTermsAreThoseOfTheInvoicesToCome) {
  const std::string before = OpenInvoice("first");
  v1::UpdateBillingAccountRequest request;
  request.mutable_billing_account()->set_name(account_);
  request.mutable_billing_account()->set_payment_terms_days(45);
  request.set_reason("agreed");
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount changed,
                       Call(&v1::BillingAccountService::Stub::UpdateBillingAccount, request));
  EXPECT_EQ(changed.payment_terms_days(), 45);
  EXPECT_EQ(changed.company_name(), OrderRequest().company_name());
  EXPECT_EQ(CountRows("past_buyers"), 0) << "the buyer is the same";
  ASSERT_OK_AND_ASSIGN(const v1::Invoice old, GetInvoice(before));
  EXPECT_EQ(old.due_date().month() * 100 + old.due_date().day(), 701);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice next, GetInvoice(OpenInvoice("second")));
  EXPECT_EQ(next.issue_date().month() * 100 + next.issue_date().day(), 601);
  EXPECT_EQ(next.due_date().month() * 100 + next.due_date().day(), 716);
  for (const int days : {29, 181}) {
    request.mutable_billing_account()->set_payment_terms_days(days);
    request.set_request_id(NewRequestId());
    ExpectViolations(Call(&v1::BillingAccountService::Stub::UpdateBillingAccount, request).status(),
                     {"billing_account.payment_terms_days"});
  }
}

TEST_F(BillingAccountServiceTest, AnotherBuyerIsOnTheInvoicesToComeAndOnNoneBefore) {
  OpenInvoice();
  const auto update = [&](const v1::UpdateBillingAccountRequest& request) {
    return Call(&v1::BillingAccountService::Stub::UpdateBillingAccount, request);
  };
  const std::string before = OrderRequest().company_name();
  v1::UpdateBillingAccountRequest request = RenameRequest(account_, "Contoso Holding");
  request.set_etag("1");
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount renamed, update(request));
  EXPECT_EQ(renamed.company_name(), "Contoso Holding");
  EXPECT_EQ(renamed.billing_address().region_code(), OrderRequest().billing_address().region_code());
  EXPECT_EQ(renamed.etag(), "2");
  EXPECT_EQ(database_->Query("SELECT company_name FROM past_buyers WHERE until_sequence = 2", {}).at(0).Bytes(0),
            before);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount again, update(request));
  EXPECT_EQ(again.SerializeAsString(), renamed.SerializeAsString());
  EXPECT_EQ(CountRows("events WHERE type = 'BILLING_ACCOUNT_UPDATED' AND reason = 'it was renamed'"), 1);

  v1::UpdateBillingAccountRequest moved;
  moved.mutable_billing_account()->set_name(account_);
  *moved.mutable_billing_account()->mutable_billing_address() = renamed.billing_address();
  moved.mutable_billing_account()->mutable_billing_address()->set_locality("Elsewhere");
  moved.set_reason("it moved");
  moved.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount elsewhere, update(moved));
  EXPECT_EQ(elsewhere.company_name(), "Contoso Holding");
  EXPECT_EQ(elsewhere.billing_address().locality(), "Elsewhere");
  v1::GetBillingAccountRequest get;
  get.set_name(account_);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount read, Call(&v1::BillingAccountService::Stub::GetBillingAccount, get));
  EXPECT_EQ(read.SerializeAsString(), elsewhere.SerializeAsString());
  EXPECT_EQ(CountRows("past_buyers"), 1) << "no invoice opened between the two";

  v1::UpdateBillingAccountRequest trial = RenameRequest(account_, "Not yet");
  trial.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount tried, update(trial));
  EXPECT_EQ(tried.company_name(), "Not yet");
  EXPECT_EQ(CountRows("billing_accounts WHERE company_name = 'Contoso Holding'"), 1);
}

TEST_F(BillingAccountServiceTest, RefusesABuyerThatIsNone) {
  OpenInvoice();
  const auto update = [&](const v1::UpdateBillingAccountRequest& request, absl::string_view caller = kOperator) {
    return Call(&v1::BillingAccountService::Stub::UpdateBillingAccount, request, caller).status();
  };
  v1::UpdateBillingAccountRequest bad = RenameRequest("", "");
  bad.mutable_update_mask()->add_paths("company_name");
  bad.mutable_update_mask()->add_paths("billing_address");
  bad.set_reason("");
  ExpectViolations(update(bad), {"billing_account.name", "billing_account.company_name",
                                 "billing_account.billing_address", "reason"});
  bad = RenameRequest(account_, "Contoso Holding");
  bad.mutable_update_mask()->add_paths("currency_code");
  ExpectViolations(update(bad), {"update_mask"});
  bad = RenameRequest(account_, "Contoso Holding");
  bad.set_etag("7");
  EXPECT_THAT(update(bad), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(update(RenameRequest("billingAccounts/" + kId, "Contoso")), HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(update(RenameRequest(account_, "Contoso"), partner_), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(CountRows("events WHERE type = 'BILLING_ACCOUNT_UPDATED'"), 0);
}

}  // namespace
}  // namespace countersign::billing
