// Fixture of the billing task's tests: turns of the task, subscriptions of several accounts, runs and searches.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_TEST_BASE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_TEST_BASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/workers/billing_task.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/billing_run.pb.h"
#include "countersign/billing/v1/billing_run_service.grpc.pb.h"

namespace countersign::billing {

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

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_TEST_BASE_H_
