// The billing run: bills every account that has something due, in the buckets that this replica holds.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/domain/billing_run_record.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/billing_run_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Bills account by account, each in a change of its own, many of them at once so that the committer writes them
// together. An account that cannot be billed is PARKED with the reason, and the others go on. Killed at any point, it
// bills the rest when it is started again: a line's identity is its service period. The same for two that run at once.
class BillingTask {
 public:
  // All must outlive the task.
  struct Needs {
    events::Committer& committer;
    const BillingRunStore& runs;
    const BillingAccountStore& accounts;
    const SubscriptionStore& subscriptions;
    OrderClient& orders;
    const Clock& clock;
  };
  explicit BillingTask(const Needs& needs) : needs_(needs) {}

  events::BucketTask task() const;

  // Bills everything that is due in the bucket today, and counts it for the runs that are open there, until `deadline`.
  // Error: the first of an account that could not be billed just now; the others are billed all the same.
  absl::Status RunBucket(int bucket, absl::Time deadline) const;

 private:
  // The accounts of one batch, in a few threads. One that fails for now holds back no other.
  BillingCounts BillBatch(absl::Span<const Uuid> accounts, Date date, absl::Time deadline,
                          absl::Status& first_error) const;
  // Until nothing is due. Parks the account when it cannot be billed. Errors: what may go away by itself.
  absl::StatusOr<BillingCounts> BillOne(const Uuid& account, Date date, absl::Time deadline) const;
  struct Step {
    BillingCounts counts;
    bool done = true;  // Nothing that is due is left.
  };
  // Decides once and commits. Nothing due: zero counts.
  absl::StatusOr<Step> BillStep(const Uuid& account, Date date, absl::Time deadline) const;
  // Chooses the prices of the next terms where it is time. Leaves out what cannot be renewed just now.
  void ChoosePrices(const BillingAccount& account, std::vector<Subscription>& before, std::vector<Subscription>& due,
                    Date date, absl::Time deadline) const;
  // Errors: those of order-service that may go away by themselves.
  absl::Status ChoosePrice(absl::string_view currency, Subscription& subscription, absl::Time deadline) const;
  absl::Status Park(const Uuid& account, const absl::Status& fault, absl::Time deadline) const;
  absl::Status Count(std::vector<BillingRunShare> shares, const BillingCounts& counts, bool done,
                     absl::Time deadline) const;

  const Needs needs_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_H_
