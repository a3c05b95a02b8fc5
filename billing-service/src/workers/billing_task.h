// The billing run: bills every account that has something due, in the buckets that this replica holds.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/billing_run_record.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/billing_run_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/crew.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Bills many accounts at once, each in a change of its own: one statement reads them all, and one transaction commits
// them. An account that cannot be billed is PARKED with the reason, and the others go on. Killed at any point, it bills
// the rest when it is started again: a line's identity is its service period. The same for two that run at once.
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
  explicit BillingTask(const Needs& needs);

  events::BucketTask task() const;

  // Bills everything that is due in the bucket today, and counts it for the runs that are open there, until `deadline`.
  // Error: the first of an account that could not be billed just now; the others are billed all the same.
  absl::Status RunBucket(int bucket, absl::Time deadline) const;

 private:
  // The outcome of a turn.
  struct Tally {
    BillingCounts counts;
    absl::Status first_error;
  };
  // An account that has something due.
  struct InHand {
    Uuid account;
    bool billed = false;  // Something of it is, in this turn.
    int lost = 0;         // Races, in a row.
  };
  // One commit of an account. Its change is empty if nothing is due.
  struct Step {
    absl::Status status;  // Of deciding, and then of committing.
    events::Change change;
    BillingCounts counts;
    bool done = true;  // Nothing that is due is left.
  };

  // Until nothing is due. Parks the accounts that cannot be billed. One that fails for now holds back no other.
  void BillGroup(absl::Span<const Uuid> accounts, Date date, absl::Time deadline, Tally& tally) const;
  // Reads and decides once; a step for each, in their order.
  absl::StatusOr<std::vector<Step>> DecideGroup(const std::vector<Uuid>& accounts, Date date,
                                                absl::Time deadline) const;
  absl::StatusOr<Step> Decide(const BillingAccount& account, std::vector<Subscription> due, Date date,
                              absl::Time deadline) const;
  // The step that bills `due` with at most `max_lines`. `before`: the same subscriptions as they are stored.
  absl::StatusOr<Step> Bill(BillingAccount account, const std::vector<Subscription>& before,
                            std::vector<Subscription> due, Date date, size_t max_lines) const;
  // Commits what the steps have, and gives each its answer.
  void CommitGroup(std::vector<Step>& steps, absl::Time deadline) const;
  // Takes note of what became of a step. True when the account goes on with another one.
  bool GoesOn(InHand& account, const Step& step, absl::Time deadline, Tally& tally) const;
  void Fail(const InHand& account, const absl::Status& status, Tally& tally) const;
  // Chooses the prices of the next terms where it is time. Leaves out what cannot be renewed just now.
  void ChoosePrices(const BillingAccount& account, std::vector<Subscription>& before, std::vector<Subscription>& due,
                    Date date, absl::Time deadline) const;
  // Errors: those of order-service that may go away by themselves.
  absl::Status ChoosePrice(absl::string_view currency, Subscription& subscription, Date date,
                           absl::Time deadline) const;
  absl::Status Park(const Uuid& account, const absl::Status& fault, absl::Time deadline) const;
  absl::Status Count(std::vector<BillingRunShare> shares, const BillingCounts& counts, bool done,
                     absl::Time deadline) const;

  const Needs needs_;
  mutable events::Crew askers_;  // Ask order-service for prices.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_BILLING_TASK_H_
