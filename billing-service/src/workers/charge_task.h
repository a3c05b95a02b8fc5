// The charge worker: takes what is due from the accounts that pay through the payment processor.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_CHARGE_TASK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_CHARGE_TASK_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/clients/processor_client.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/charge_store.h"
#include "billing-service/src/store/dunning_ladder_store.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/crew.h"
#include "common/events/relay.h"

namespace countersign::billing {

// An attempt is committed first, then the processor is asked with the attempt's id as the idempotency key, then the
// outcome is committed, with its payment. Killed between any two of these, the next turn finds the attempt, asks the
// processor what became of it, and makes the charge after all only where the processor knows nothing of it and it is
// still wanted. So a customer is charged once, however often any of this is repeated and by however many replicas.
class ChargeTask {
 public:
  // All must outlive the task.
  struct Needs {
    events::Committer& committer;
    const AccountBookStore& books;
    const ChargeStore& charges;
    const DunningLadderStore& ladders;
    ProcessorClient& processor;
    const Clock& clock;
  };
  explicit ChargeTask(const Needs& needs);

  events::BucketTask task() const;

  // Settles what is not settled, then charges what is due, until `deadline`. A processor that does not answer is no
  // error: what it may have done is on record as UNKNOWN. Errors: those of the database.
  absl::Status RunBucket(int bucket, absl::Time deadline) const;

 private:
  absl::Status SettleOpen(int bucket, absl::Time deadline) const;
  absl::Status ChargeDue(int bucket, absl::Time deadline) const;

  absl::Status ChargeOne(const ChargeStore::Due& due, absl::Time deadline) const;

  // The attempt, committed, and what it says on the customer's statement; none: the invoice is not to be charged after
  // all.
  absl::StatusOr<std::optional<Charge>> Request(const ChargeStore::Due& due, std::string& description,
                                                absl::Time deadline) const;
  // The outcome of a charge that an earlier turn began.
  absl::StatusOr<ChargeAnswer> FindOut(const Charge& charge, absl::Time deadline) const;
  ChargeAnswer Create(const Charge& charge, const std::string& description, absl::Time deadline) const;
  // Commits the outcome, unless another replica has done so.
  absl::Status Record(const Charge& charge, const ChargeAnswer& answer, absl::Time deadline) const;

  const Needs needs_;
  mutable events::Crew helpers_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_CHARGE_TASK_H_
