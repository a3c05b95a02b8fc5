// Searches of billed accounts, and the entitlements that follow from billing.
#include <string>

#include "absl/strings/str_cat.h"
#include "billing-service/src/workers/billing_task_test_base.h"
#include "common/base/date.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/entitlement_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(BillingTaskTest, AccountsAreFoundByWhatPeopleKnow) {
  SubscriptionOf("a");
  SubscriptionOf("b");
  v1::SearchBillingAccountsRequest by;
  by.set_purchase_order_number("PO-4711");
  EXPECT_EQ(Search(by).size(), 2u);
  by.set_billing_email("billing@fabrikam.example");
  EXPECT_EQ(Search(by).size(), 2u);
  by.set_partner(partner_);
  by.set_page_size(1);
  EXPECT_EQ(Search(by).size(), 1u);
  by.set_partner(absl::StrCat("partners/", kId));
  EXPECT_THAT(Search(by), IsEmpty());
  v1::GetBillingAccountRequest get;
  get.set_name(AccountNamed("a"));
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount account,
                       Call(&v1::BillingAccountService::Stub::GetBillingAccount, get));
  by.set_account_number(account.account_number());
  EXPECT_THAT(Search(by), ElementsAre(account.name()));
  by.set_invoice_number(absl::StrCat(account.account_number(), "-1"));
  EXPECT_THAT(Search(by), ElementsAre(account.name()));
  by.set_bank_reference("BANK-1");
  EXPECT_THAT(Search(by), IsEmpty());
  v1::CreateBankReceiptRequest receipt = ReceiptRequest(375, "BANK-1");
  receipt.mutable_bank_receipt()->set_billing_account(account.name());
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, receipt));
  EXPECT_THAT(Search(by), ElementsAre(account.name()));
  by.set_account_number("1");
  ExpectViolations(Call(&v1::BillingAccountService::Stub::SearchBillingAccounts, by).status(), {"account_number"});
  by.clear_account_number();
  ExpectViolations(Call(&v1::BillingAccountService::Stub::SearchBillingAccounts, by).status(), {"by"});
}

TEST_F(BillingTaskTest, EntitlementFollowsWhatIsInvoicedSuspendedAndEnded) {
  const std::string name = SubscriptionOf("a");
  v1::ListEntitlementsRequest list;
  list.set_parent(AccountNamed("a"));
  ASSERT_OK_AND_ASSIGN(v1::ListEntitlementsResponse page, Call(&v1::EntitlementService::Stub::ListEntitlements, list));
  ASSERT_EQ(page.entitlements_size(), 1);
  EXPECT_EQ(page.entitlements(0).subscription(), name);
  EXPECT_EQ(page.entitlements(0).seats(), 25);
  EXPECT_THAT(page.entitlements(0).provided_offers(),
              ElementsAre("offers/exchange-online", "offers/sharepoint-online"));
  EXPECT_EQ(page.entitlements(0).serve_until_date().month(), 7);
  SetDay(Date(2009, 7, 1));
  RunAll();
  ASSERT_OK_AND_ASSIGN(page, Call(&v1::EntitlementService::Stub::ListEntitlements, list));
  EXPECT_EQ(page.entitlements(0).serve_until_date().month(), 8);
  EXPECT_EQ(page.entitlements(0).version(), 2);
  v1::SuspendSubscriptionRequest suspend;
  suspend.set_name(name);
  suspend.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_OPERATOR);
  suspend.set_reason("asked");
  suspend.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SuspendSubscription, suspend));
  ASSERT_OK_AND_ASSIGN(page, Call(&v1::EntitlementService::Stub::ListEntitlements, list));
  EXPECT_FALSE(page.entitlements(0).has_serve_until_date());
  EXPECT_THAT(page.entitlements(0).suspension_reasons(), ElementsAre(v1::Subscription::SUSPENSION_REASON_OPERATOR));
  v1::CancelSubscriptionRequest cancel;
  cancel.set_name(name);
  cancel.set_when(v1::CancelSubscriptionRequest::WHEN_NOW);
  cancel.set_policy(v1::CancelSubscriptionRequest::POLICY_NO_CREDIT);
  cancel.set_reason("moved on");
  cancel.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::CancelSubscription, cancel));
  ASSERT_OK_AND_ASSIGN(page, Call(&v1::EntitlementService::Stub::ListEntitlements, list));
  EXPECT_EQ(page.entitlements_size(), 0);
}

}  // namespace
}  // namespace countersign::billing
