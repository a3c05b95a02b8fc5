// Seals the buckets that this replica holds, and puts what it sealed into the tail for the deliveries: most events as
// they are committed, the others afterwards.
#ifndef COUNTERSIGN_COMMON_EVENTS_SEALER_H_
#define COUNTERSIGN_COMMON_EVENTS_SEALER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/committer.h"
#include "common/events/event_log.h"
#include "common/events/lease.h"
#include "common/events/log_tail.h"
#include "common/events/work_queue.h"
#include "common/mysql/database.h"

namespace countersign::events {

// Thread-safe. At any moment one thread at most adds to the log of a bucket: it has taken the bucket. A committer that
// finds a bucket taken leaves its events to a later turn; one with many events of that bucket alone waits a moment for
// it, because sealed later each of them costs a statement.
class Sealer final : public Placer {
 public:
  // `wake` is called with a bucket that needs a turn.
  Sealer(mysql::Database& database, const Leases& leases, LogTail& tail, OnSealed on_sealed,
         std::function<void(int bucket)> wake);

  // Seals all that is unsealed in the bucket, if it is held. Where that fails the turn `waits`, and the next one finds
  // out what was sealed.
  Turn Work(int bucket);

  // An event gets a place when its bucket is held, its head is known, and every earlier event of its aggregate is
  // sealed.
  void Give(std::vector<Placing>& events) override;
  void Settle(const std::vector<Placing>& events, Fate fate) override;

 private:
  using AggregateKey = std::pair<Uuid, Uuid>;  // Tenant, aggregate.

  struct Bucket {
    int64_t epoch = 0;  // Under which the rest is known; 0 = not known.
    LogHead head;
    // Aggregates of which every event up to this version is sealed: those that were committed lately.
    absl::flat_hash_map<AggregateKey, int64_t> sealed;
  };
  struct Slot {
    bool taken = false;
    bool wanted = false;  // A turn found it taken.
  };

  // True: this thread has the bucket. `want`: else it has a turn when it is free. Waits for it no longer than
  // `patience`.
  bool Take(int bucket, bool want, absl::Duration patience = absl::ZeroDuration());
  void GiveBack(int bucket);
  Turn WorkTaken(int bucket);
  absl::Status ReadHeadOf(int bucket, int64_t epoch);
  Turn Fail(int bucket, const absl::Status& status);
  // Of the events whose bucket is taken, those that must wait because an earlier one of their aggregate is unsealed.
  std::vector<bool> MustWait(const std::vector<Placing>& events, const std::array<bool, kBuckets>& taken);
  void Forget(int bucket);

  mysql::Database& database_;
  const Leases& leases_;
  LogTail& tail_;
  const OnSealed on_sealed_;
  const std::function<void(int bucket)> wake_;
  absl::Mutex mutex_;
  std::array<Slot, kBuckets> slots_ ABSL_GUARDED_BY(mutex_);
  std::array<Bucket, kBuckets> buckets_;  // Each touched only by the thread that has taken it.
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_SEALER_H_
