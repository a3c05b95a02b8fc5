// Runs that an operator starts and the turns that they need: counts, parked accounts, refusals.
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "billing-service/src/workers/billing_task_test_base.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/lease.h"
#include "common/events/relay.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/billing_run.pb.h"
#include "countersign/billing/v1/billing_run_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace countersign::billing
