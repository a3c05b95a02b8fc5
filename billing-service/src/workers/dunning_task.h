// The dunning worker: takes accounts up the ladder that do not pay, and down again when they have paid.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_DUNNING_TASK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_DUNNING_TASK_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/dunning.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/dunning_ladder_store.h"
#include "billing-service/src/store/dunning_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/notice_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Account by account, each step in a change with an event of the account: a payment that commits after the account was
// read makes the step lose, and it is decided again on what is there then. Killed at any point, or run twice at once,
// each rung is reached once: dunning_rungs. Its notice is queued first, and the rung is climbed by a turn that finds it
// sent. An account that fails holds back no other.
class DunningTask {
 public:
  // All must outlive the task.
  struct Needs {
    events::Committer& committer;
    const AccountBookStore& books;
    const DunningStore& dunnings;
    const DunningLadderStore& ladders;
    const NoticeStore& notices;
    const SubscriptionStore& subscriptions;
    const InvoiceStore& invoices;
    const Clock& clock;
    bool mails;  // False: no rung is climbed, because its notice would not be sent.
  };
  explicit DunningTask(const Needs& needs) : needs_(needs) {}

  events::BucketTask task() const;

  // Does what is due in the bucket today, until `deadline`.
  absl::Status RunBucket(int bucket, absl::Time deadline) const;

 private:
  // A page of accounts after `after`.
  using ListAccounts = std::function<absl::StatusOr<std::vector<Uuid>>(const Uuid& after)>;

  absl::Status RunAll(const ListAccounts& list, const std::vector<DunningLadder>& ladders, absl::Time deadline) const;
  // Steps until the account stands where it has to.
  absl::Status RunAccount(const Uuid& account, const std::vector<DunningLadder>& ladders, absl::Time deadline) const;
  // Changes at most `limit` subscriptions. True: there is more to do.
  absl::StatusOr<bool> Step(const Uuid& account, const std::vector<DunningLadder>& ladders, size_t limit,
                            absl::Time deadline) const;

  // `state` with every invoice of which the cancellations credit days. Error: LostRace() when the account changed
  // since `state` was read.
  absl::StatusOr<AccountState> WithCredited(AccountState state, const std::vector<Cancellation>& cancellations,
                                            absl::Time deadline) const;

  // Whether the notice of the rung that `climbed` reached was sent, and the one before did not bounce. Queues it when
  // there is none yet.
  absl::StatusOr<bool> IsNotified(const Dunning& climbed, absl::Time now, absl::Time deadline) const;

  const Needs needs_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_DUNNING_TASK_H_
