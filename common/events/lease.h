// Which buckets this replica works on: a lease per bucket, by the database's clock, shared fairly among live replicas.
#ifndef COUNTERSIGN_COMMON_EVENTS_LEASE_H_
#define COUNTERSIGN_COMMON_EVENTS_LEASE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/monotonic.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"

namespace countersign::events {

// This replica's rights to a bucket.
enum class LeaseState : uint8_t {
  kNone,     // Another replica's, or nobody's.
  kHeld,     // It is worked on here.
  kLapsed,   // The lease may have run out: nobody works on it until it is renewed or taken again.
  kLeaving,  // Above this replica's share: no longer worked on, and given back once it is idle.
};

// The leases of one replica. Thread-safe; Refresh and Release are called from one thread at a time.
class Leases {
 public:
  // `owner` is NewOwner's (owner.h); `lease` is how long a lease lasts without a Refresh.
  Leases(mysql::Database& database, std::string owner, absl::Duration lease, MonotonicClock now = MonotonicNow);

  // Renews what is held, takes what is free up to this replica's share (64 buckets / living replicas, rounded up) and
  // starts to give back what is above it: such a bucket is no longer held, and is given back by the first later Refresh
  // for which `is_idle(bucket)` says that nobody works on it any more. The first Refresh takes what earlier lives of
  // the same replica left, at once and with a new epoch. Should such a life not be over, because two processes were
  // given one name, it logs an error and both go on as two replicas. To be called at least every third of `lease`.
  absl::Status Refresh(absl::Time deadline, const std::function<bool(int bucket)>& is_idle);

  // Whether a lease is free, so that a Refresh may take it.
  static absl::StatusOr<bool> IsAnyFree(mysql::Reader& reader);

  // Gives everything back: other replicas may take it at once.
  absl::Status Release(absl::Time deadline);

  LeaseState StateOf(int bucket) const;

  // Changes whenever a worker may have met the bucket in another state since: it was taken, lost, set on its way out or
  // kept after all, or its lease was renewed after a lapse, though it has the same epoch as before. Workers forget a
  // bucket that they do not find held, so each new term has to wake them.
  int64_t TermOf(int bucket) const;

  // The epoch under which the bucket is held here; nullopt in every other state. Statements that only one replica may
  // succeed with check the epoch in the database, too.
  std::optional<int64_t> EpochOf(int bucket) const;

  std::vector<int> HeldBuckets() const;
  bool IsAnyLeaving() const;

  // Takes the bucket away from whoever holds it and gives it back to them under a new epoch, so that they forget what
  // they remember of it. For statements that change the state of a bucket from outside; call it in their transaction.
  static absl::Status Fence(mysql::Connection& connection, int bucket);

  // Locks the bucket's lease until the end of the transaction. Error: LostRace() when its epoch is another.
  static absl::Status Lock(mysql::Connection& connection, int bucket, int64_t epoch);

 private:
  struct Slot {
    int64_t epoch = 0;
    LeaseState state = LeaseState::kNone;  // As it was last read: a lapse is told by valid_until_.
    int64_t term = 0;
  };
  struct Seen {
    int owners = 1;
    std::vector<mysql::Row> leases;
  };

  absl::Status RefreshOn(mysql::Connection& connection, const std::function<bool(int bucket)>& is_idle, bool& complete);
  absl::Status CreateRows(absl::Time deadline);
  absl::Status Renew(mysql::Connection& connection);
  absl::Status Begin(mysql::Connection& connection);
  absl::Status ReturnAsAnother(mysql::Connection& connection);
  absl::StatusOr<Seen> Look(mysql::Reader& reader);
  absl::StatusOr<bool> TakeFree(mysql::Connection& connection, const Seen& seen);
  absl::Status GiveBack(mysql::Connection& connection, const std::function<bool(int bucket)>& is_idle);
  void Adopt(const Seen& seen, absl::Duration valid_until);
  // Takes note of what the bucket has become.
  void Enter(int bucket, LeaseState state, int64_t epoch, bool lapsed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  LeaseState StateLocked(int bucket) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mysql::Database& database_;
  const std::string owner_;
  const absl::Duration lease_;
  const MonotonicClock now_;
  bool first_ = true;

  mutable absl::Mutex mutex_;
  std::array<Slot, kBuckets> slots_ ABSL_GUARDED_BY(mutex_);
  absl::Duration valid_until_ ABSL_GUARDED_BY(mutex_) = -absl::InfiniteDuration();
};

// The buckets, whoever holds them, for which `sql` finds something. It selects leases.bucket FROM leases WHERE EXISTS
// something of that bucket, so that it costs a look into an index for each bucket, however many rows there are.
absl::StatusOr<std::vector<int>> ListBuckets(mysql::Database& database, absl::Time deadline, absl::string_view sql,
                                             const std::vector<mysql::Parameter>& parameters);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LEASE_H_
