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
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "billing-service/src/workers/billing_task_test_base.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/mysql/database.h"
#include "common/mysql/statement_log.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;

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

}  // namespace
}  // namespace countersign::billing
