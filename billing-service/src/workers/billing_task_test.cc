// The billing run through the real database: what falls due is billed once, by whoever runs, and one bad account holds
// back no other.
#include "billing-service/src/workers/billing_task.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/lease.h"
#include "common/mysql/database.h"
#include "common/mysql/statement_log.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/billing_run.pb.h"
#include "countersign/billing/v1/billing_run_service.grpc.pb.h"
#include "countersign/billing/v1/entitlement_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BillingTaskTest : public ApiTest {
 protected:
  // A turn in every bucket that has an account of the test.
  void RunAll() {
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
      EXPECT_OK(task_.RunBucket(bucket, absl::Now() + absl::Seconds(60)));
    }
  }

  // The subscription of an order of another account.
  std::string SubscriptionOf(const std::string& account) {
    v1::ActivateOrderRequest request = OrderRequest(account);
    request.set_billing_account(AccountNamed(account));
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(request);
    EXPECT_OK(activated);
    return activated.ok() ? activated->subscriptions(0) : "";
  }
  static std::string AccountNamed(const std::string& account) {
    return absl::StrCat("billingAccounts/", Uuid::Derived({"account", account}).ToString());
  }

  absl::StatusOr<v1::BillingRun> RunBilling() {
    v1::RunBillingRequest request;
    request.set_reason("the month's end");
    request.set_request_id(NewRequestId());
    return Call(&v1::BillingRunService::Stub::RunBilling, request);
  }
  absl::StatusOr<v1::BillingRun> GetRun(const std::string& name) {
    v1::GetBillingRunRequest request;
    request.set_name(name);
    return Call(&v1::BillingRunService::Stub::GetBillingRun, request);
  }
  std::vector<std::string> Search(const v1::SearchBillingAccountsRequest& request) {
    const auto page = Call(&v1::BillingAccountService::Stub::SearchBillingAccounts, request);
    EXPECT_OK(page);
    std::vector<std::string> names;
    if (page.ok()) {
      for (const v1::BillingAccount& account : page->billing_accounts()) names.push_back(account.name());
    }
    return names;
  }

  const BillingRunStore runs_{database_->database()};
  const FeeScheduleStore fee_schedules_{database_->database()};
  const BillingAccountStore accounts_{database_->database(), /*rates=*/nullptr, &fee_schedules_};
  const SubscriptionStore subscriptions_{database_->database()};
  const BillingTask task_{{committer_, runs_, accounts_, subscriptions_, orders_, clock_}};
};

TEST_F(BillingTaskTest, BillsEachMissedPeriodOnceOldestFirst) {
  const std::string name = SubscriptionOf("a");
  SetDay(Date(2009, 9, 15));
  RunAll();
  RunAll();
  const std::vector<mysql::Row> lines =
      database_->Query("SELECT service_start_date FROM invoice_lines ORDER BY invoice_id = '', service_start_date");
  EXPECT_EQ(lines.size(), 4u);
  EXPECT_EQ(CountRows("invoices"), 2);
  EXPECT_EQ(CountRows("invoices WHERE issue_date = '2009-09-15' AND due_date = '2009-10-15'"), 1);
  EXPECT_EQ(CountRows("invoice_lines WHERE line = 1 AND service_start_date = '2009-07-01'"), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(name));
  EXPECT_EQ(subscription.billed_until_date().month(), 10);
  EXPECT_EQ(CountRows("events WHERE type = 'ACCOUNT_BILLED'"), 1);
  ExpectBalancedBooks();
}

// 20 subscriptions of 32 tranches: 660 rows, of which a month changes 40, and a renewal all.
TEST_F(BillingTaskTest, AnAccountOfMoreThanOneChangeHoldsIsBilledAndRenewed) {
  v1::ActivateOrderRequest order = OrderRequest();
  while (order.lines_size() < 20) *order.add_lines() = order.lines(0);
  ASSERT_OK(Activate(order));
  GrowTranches(32);
  SetDay(Date(2009, 7, 1));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines"), 40);
  SetDay(Date(2010, 6, 1));
  RunAll();
  EXPECT_EQ(CountRows("subscriptions WHERE committed_months = 24"), 20);
  EXPECT_EQ(CountRows("invoice_lines"), 20 * 13);
  EXPECT_EQ(CountRows("billing_accounts WHERE state = 'PARKED'"), 0);
  ExpectBalancedBooks();
}

TEST_F(BillingTaskTest, ASubscriptionThatNoChangeHoldsParksItsAccountWithTheReason) {
  SubscriptionOf("a");
  GrowTranches(512);
  SetDay(Date(2010, 6, 1));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines"), 12) << "the term is invoiced";
  EXPECT_EQ(CountRows("billing_accounts WHERE state = 'PARKED' AND park_reason = 'CHANGE_TOO_LARGE'"), 1);
}

TEST_F(BillingTaskTest, APriceOfNothingParksTheRenewalAndNotTheAccount) {
  SubscriptionOf("a");
  orders_.unit_price_units = 0;
  SetDay(Date(2010, 5, 2));
  RunAll();
  SetDay(Date(2010, 6, 1));
  RunAll();
  EXPECT_EQ(CountRows("subscriptions WHERE renewal_source = 'PARKED' AND committed_months = 12"), 1);
  EXPECT_EQ(CountRows("billing_accounts WHERE state = 'PARKED'"), 0);
  EXPECT_EQ(CountRows("invoice_lines"), 12);
}

// Its day passed without a price; one that is published later renews it.
TEST_F(BillingTaskTest, AParkedRenewalIsAskedForAgainWithThePriceOfThatDay) {
  const std::string name = SubscriptionOf("a");
  orders_.unit_price_units = 0;
  SetDay(Date(2010, 6, 1));
  RunAll();
  EXPECT_EQ(orders_.asked_day(), 1);
  SetDay(Date(2010, 6, 20));
  orders_.unit_price_units = 10;
  v1::SetAutoRenewRequest renew;
  renew.set_name(name);
  renew.set_auto_renew(true);
  renew.set_reason("there is a price now");
  renew.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SetAutoRenew, renew));
  RunAll();
  EXPECT_EQ(orders_.asked_day(), 20);
  EXPECT_EQ(CountRows("subscriptions WHERE committed_months = 24"), 1);
}

TEST_F(BillingTaskTest, SaysWhichBucketsHaveSomethingDue) {
  SubscriptionOf("a");
  const int bucket = events::BucketOf(Uuid::Derived({"account", "a"}));
  const events::BucketTask task = task_.task();
  events::Leases leases(database_->database(), "a", absl::Seconds(10));
  ASSERT_OK(leases.Refresh(TestDeadline(), [](int) { return true; }));
  EXPECT_THAT(*task.due(TestDeadline()), IsEmpty());
  SetDay(Date(2009, 7, 1));
  EXPECT_THAT(*task.due(TestDeadline()), ElementsAre(bucket));
  RunAll();
  EXPECT_THAT(*task.due(TestDeadline()), IsEmpty());
  ASSERT_OK(RunBilling());  // Its shares wait in every bucket.
  EXPECT_EQ(task.due(TestDeadline())->size(), static_cast<size_t>(events::kBuckets));
}

TEST_F(BillingTaskTest, RunsAtTheSameTimeBillEachPeriodOnce) {
  for (const char* account : {"a", "b", "c", "d", "e"}) SubscriptionOf(account);
  SetDay(Date(2009, 9, 1));
  std::thread other([this] { RunAll(); });
  RunAll();
  other.join();
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines"), 5 * 4);
  EXPECT_EQ(database_
                ->Query("SELECT subscription_id FROM invoice_lines GROUP BY subscription_id, tranche, "
                        "service_start_date HAVING COUNT(*) > 1")
                .size(),
            0u);
  ExpectBalancedBooks();
}

TEST_F(BillingTaskTest, StartsWhatWasPending) {
  v1::ActivateOrderRequest request = OrderRequest();
  *request.mutable_start_date() = rpc::ToProto(Date(2009, 6, 10));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  SetDay(Date(2009, 6, 10));
  RunAll();
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(activated.subscriptions(0)));
  EXPECT_EQ(subscription.state(), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(CountRows("invoices"), 1);
}

TEST_F(BillingTaskTest, FaultyAccountIsParkedAndTheOthersAreBilled) {
  SubscriptionOf("good");
  const std::string bad = SubscriptionOf("bad");
  database_->Execute(
      absl::StrCat("UPDATE tranches SET unit_price_micros = 1000000000000000000, quantity = 1000000 "
                   "WHERE subscription_id = UNHEX(REPLACE('",
                   bad.substr(bad.rfind('/') + 1), "', '-', ''))"));
  SetDay(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::BillingRun started, RunBilling());
  RunAll();
  EXPECT_EQ(CountRows("invoices"), 3);
  ASSERT_OK_AND_ASSIGN(const v1::BillingRun run, GetRun(started.name()));
  EXPECT_EQ(run.state(), v1::BillingRun::STATE_DONE);
  EXPECT_EQ(run.account_count(), 1);
  EXPECT_EQ(run.invoice_count(), 1);
  EXPECT_EQ(run.parked_count(), 1);
  EXPECT_EQ(run.remaining_count(), 0);

  v1::SearchBillingAccountsRequest parked;
  parked.set_state(v1::BillingAccount::STATE_PARKED);
  EXPECT_THAT(Search(parked), ElementsAre(AccountNamed("bad")));
  EXPECT_EQ(FigureNamed("countersign_billing_accounts_parked"), 1);
  database_->Execute("UPDATE tranches SET unit_price_micros = 15000000, quantity = 25");
  v1::ResumeBillingAccountRequest resume;
  resume.set_name(AccountNamed("bad"));
  resume.set_reason("the price is repaired");
  resume.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::ResumeBillingAccount, resume));
  resume.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::BillingAccountService::Stub::ResumeBillingAccount, resume), HasReason("BILLING_ACCOUNT_STATE"));
  RunAll();
  EXPECT_EQ(CountRows("invoices"), 4);
  EXPECT_THAT(Search(parked), IsEmpty());
  EXPECT_EQ(FigureNamed("countersign_billing_accounts_parked"), 0);
}

TEST_F(BillingTaskTest, AccountsOfABucketAreReadAndCommittedTogether) {
  constexpr int kAccounts = 20;
  const auto bucket_of = [](const std::string& name) { return events::BucketOf(Uuid::Derived({"account", name})); };
  const int bucket = bucket_of("0");
  int accounts = 0;
  for (int i = 0; accounts < kAccounts; ++i) {
    if (bucket_of(absl::StrCat(i)) != bucket) continue;
    SubscriptionOf(absl::StrCat(i));
    ++accounts;
  }
  SetDay(Date(2009, 7, 1));
  const int64_t before = CountRows("invoices");
  const std::string path = absl::StrCat(::testing::TempDir(), "/billing_task_test_", getpid());
  mysql::DatabaseOptions options = database_->options();
  ASSERT_OK_AND_ASSIGN(options.statement_log, mysql::StatementLog::Open(path));
  const std::unique_ptr<mysql::Database> logged = mysql::OpenDatabase(options);
  events::Committer committer(*logged);
  const BillingRunStore runs(*logged);
  const BillingAccountStore stored_accounts(*logged, /*rates=*/nullptr, &fee_schedules_);
  const SubscriptionStore subscriptions(*logged);
  const BillingTask task({committer, runs, stored_accounts, subscriptions, orders_, clock_});
  EXPECT_OK(task.RunBucket(bucket, absl::Now() + absl::Seconds(60)));
  EXPECT_EQ(CountRows("invoices"), before + kAccounts);
  ExpectBalancedBooks();

  ASSERT_OK_AND_ASSIGN(const std::vector<mysql::LoggedStatement> statements, mysql::ReadStatementLog(path));
  const auto count = [&](absl::string_view beginning) {
    return std::count_if(statements.begin(), statements.end(), [&](const mysql::LoggedStatement& statement) {
      return absl::StartsWith(statement.sql, beginning);
    });
  };
  EXPECT_EQ(count("COMMIT"), 1);
  EXPECT_EQ(count("SELECT account_id"), 1);
  EXPECT_EQ(count("SELECT s.account_id"), 1);
  EXPECT_LE(count("INSERT INTO invoices "), 2) << "16 and 4 rows";
  std::filesystem::remove(path);
}

TEST_F(BillingTaskTest, AccountThatMissesARequiredPurchaseOrderNumberIsParkedUntilItHasOne) {
  v1::ActivateOrderRequest order = OrderRequest("a");
  order.set_billing_account(AccountNamed("a"));
  order.clear_purchase_order_number();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  v1::SetPurchaseOrderRulesRequest rules;
  rules.set_name(AccountNamed("a"));
  rules.mutable_purchase_order_rules()->set_po_required(true);
  rules.set_reason("the customer asked");
  rules.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPurchaseOrderRules, rules));
  SetDay(Date(2009, 7, 1));
  RunAll();
  EXPECT_EQ(CountRows("invoices"), 1);
  EXPECT_EQ(CountRows("billing_accounts WHERE park_reason = 'PO_REQUIRED'"), 1);

  v1::SetPurchaseOrderNumberRequest number;
  number.set_name(activated.subscriptions(0));
  number.set_purchase_order_number("PO-1");
  number.set_reason("the customer wrote");
  number.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SetPurchaseOrderNumber, number));
  v1::ResumeBillingAccountRequest resume;
  resume.set_name(AccountNamed("a"));
  resume.set_reason("it has a number");
  resume.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::ResumeBillingAccount, resume));
  RunAll();
  EXPECT_EQ(CountRows("invoices WHERE purchase_order_number = 'PO-1'"), 1);
}

TEST_F(BillingTaskTest, RunCountsWhatItDidAndEnds) {
  for (const char* account : {"a", "b", "c"}) SubscriptionOf(account);
  SetDay(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::BillingRun started, RunBilling());
  EXPECT_EQ(started.state(), v1::BillingRun::STATE_RUNNING);
  ASSERT_OK_AND_ASSIGN(v1::BillingRun run, GetRun(started.name()));
  EXPECT_EQ(run.remaining_count(), 3);
  RunAll();
  ASSERT_OK_AND_ASSIGN(run, GetRun(started.name()));
  EXPECT_EQ(run.state(), v1::BillingRun::STATE_DONE);
  EXPECT_EQ(run.account_count(), 3);
  EXPECT_EQ(run.subscription_count(), 3);
  EXPECT_EQ(run.invoice_count(), 3);
  EXPECT_TRUE(run.has_finish_time());
  v1::ListBillingRunsRequest list;
  ASSERT_OK_AND_ASSIGN(const v1::ListBillingRunsResponse page,
                       Call(&v1::BillingRunService::Stub::ListBillingRuns, list));
  ASSERT_EQ(page.billing_runs_size(), 1);
  EXPECT_EQ(page.billing_runs(0).invoice_count(), 3);
}

TEST_F(BillingTaskTest, RunRefusesADayToCome) {
  v1::RunBillingRequest request;
  *request.mutable_bill_date() = rpc::ToProto(Date(2009, 6, 2));
  request.set_request_id(NewRequestId());
  ExpectViolations(Call(&v1::BillingRunService::Stub::RunBilling, request).status(), {"bill_date", "reason"});
  EXPECT_THAT(Call(&v1::BillingRunService::Stub::RunBilling, request, partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(BillingTaskTest, AnnouncesTheRenewalAndRenewsAtTheLowerPrice) {
  const std::string name = SubscriptionOf("a");
  SetDay(Date(2010, 5, 2));
  RunAll();
  ASSERT_OK_AND_ASSIGN(v1::Subscription subscription, GetSubscription(name));
  EXPECT_EQ(subscription.renewal().source(), v1::Subscription::Renewal::SOURCE_AUTOMATIC);
  EXPECT_EQ(subscription.renewal().unit_price().units(), 10);
  EXPECT_EQ(subscription.renewal().price(), "offers/bpos-standard-suite/prices/next");
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_RENEWAL_ANNOUNCED'"), 1);
  orders_.unit_price_units = 8;
  SetDay(Date(2010, 6, 1));
  RunAll();
  ASSERT_OK_AND_ASSIGN(subscription, GetSubscription(name));
  EXPECT_EQ(subscription.term_end_date().year(), 2011);
  EXPECT_EQ(subscription.tranches(0).unit_price().units(), 8);
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-01' AND net_micros = 200000000"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_RENEWED'"), 1);
}

TEST_F(BillingTaskTest, RenewalWaitsWhileOrderServiceIsDownAndTheOtherLinesDoNot) {
  const std::string first = SubscriptionOf("a");
  SetDay(Date(2010, 5, 2));
  RunAll();
  v1::ActivateOrderRequest second = OrderRequest("second");
  second.set_billing_account(AccountNamed("a"));
  *second.mutable_start_date() = rpc::ToProto(Date(2010, 5, 2));
  *second.mutable_confirm_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK(Activate(second));
  orders_.failure = Error(absl::StatusCode::kUnavailable, "UNAVAILABLE", "The peer is down.");
  SetDay(Date(2010, 6, 2));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-02'"), 1);
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-01'"), 0);
  orders_.failure = absl::OkStatus();
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines WHERE service_start_date = '2010-06-01'"), 1);
}

TEST_F(BillingTaskTest, ExpiresWhatIsNotRenewed) {
  const std::string name = SubscriptionOf("a");
  v1::CancelSubscriptionRequest cancel;
  cancel.set_name(name);
  cancel.set_when(v1::CancelSubscriptionRequest::WHEN_TERM_END);
  cancel.set_reason("moved on");
  cancel.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::CancelSubscription, cancel));
  SetDay(Date(2010, 6, 1));
  RunAll();
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(name));
  EXPECT_EQ(subscription.state(), v1::Subscription::STATE_EXPIRED);
  EXPECT_EQ(subscription.cancel_reason(), "moved on");
  EXPECT_EQ(subscription.end_date().year(), 2010);
  EXPECT_EQ(CountRows("invoice_lines"), 12);
}

TEST_F(BillingTaskTest, SuspendedIsNotBilledAndReinstatedPaysTheDaysLeft) {
  const std::string name = SubscriptionOf("a");
  SetDay(Date(2009, 7, 1));
  RunAll();
  SetDay(Date(2009, 7, 31));
  v1::SuspendSubscriptionRequest suspend;
  suspend.set_name(name);
  suspend.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_SECURITY);
  suspend.set_reason("misuse");
  suspend.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SuspendSubscription, suspend));
  SetDay(Date(2009, 8, 1));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines"), 2);
  SetDay(Date(2009, 8, 5));
  v1::ResumeSubscriptionRequest resume;
  resume.set_name(name);
  resume.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_SECURITY);
  resume.set_reason("repaired");
  resume.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::ResumeSubscription, resume));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines WHERE net_micros = 326610000 AND service_start_date = '2009-08-05'"), 1);
}

TEST_F(BillingTaskTest, CancelledNowItIsNotBilledAgain) {
  const std::string name = SubscriptionOf("a");
  v1::CancelSubscriptionRequest cancel;
  cancel.set_name(name);
  cancel.set_when(v1::CancelSubscriptionRequest::WHEN_NOW);
  cancel.set_reason("moved on");
  cancel.set_request_id(NewRequestId());
  ExpectViolations(Call(&v1::SubscriptionService::Stub::CancelSubscription, cancel).status(), {"policy"});
  cancel.set_policy(v1::CancelSubscriptionRequest::POLICY_NO_CREDIT);
  SetDay(Date(2009, 6, 20));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription cancelled,
                       Call(&v1::SubscriptionService::Stub::CancelSubscription, cancel));
  EXPECT_EQ(cancelled.state(), v1::Subscription::STATE_CANCELLED);
  cancel.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::SubscriptionService::Stub::CancelSubscription, cancel), HasReason("SUBSCRIPTION_STATE"));
  SetDay(Date(2009, 9, 1));
  RunAll();
  EXPECT_EQ(CountRows("invoice_lines"), 1);
}

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
