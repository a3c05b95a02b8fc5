// Carries the sealed log of the held buckets to one consumer, each bucket in order.
#ifndef COUNTERSIGN_COMMON_EVENTS_DELIVERY_H_
#define COUNTERSIGN_COMMON_EVENTS_DELIVERY_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/crew.h"
#include "common/events/held_delivery.h"
#include "common/events/lagging_cursors.h"
#include "common/events/lease.h"
#include "common/events/log_tail.h"
#include "common/events/relay.h"
#include "common/events/work_queue.h"
#include "common/mysql/database.h"

namespace countersign::events {

// Thread-safe for different buckets; the queue sees to it that one thread at a time works on a bucket.
class Delivery {
 public:
  // `reader` is this consumer's place among the tail's readers.
  Delivery(mysql::Database& database, const Leases& leases, LogTail& tail, int reader, Consumer consumer,
           const RelayOptions& options);

  const std::string& name() const { return consumer_.name; }
  bool MustArrive(absl::string_view event_type) const;
  WorkQueue& queue() { return queue_; }

  // Delivers what the bucket has, if it is held, and moves the cursor; asks the queue for another turn after a pause
  // where something waits. `hurry` tries what waits out a pause at once and stores the cursor at the end.
  Turn Work(int bucket, bool hurry = false);

  // Whether Work finds anything to do in the bucket, whose log ends at position `head`.
  bool HasWork(int bucket, int64_t head) const {
    const Bucket& state = buckets_[bucket];
    if (state.cursor.epoch != leases_.EpochOf(bucket).value_or(0)) return state.cursor.epoch != 0 || head != 0;
    return state.cursor.position < head || state.cursor.lag() != 0 || !state.held.empty();
  }

  // The bucket's log has grown by these events; none: it is not known by what. Asks the queue for a turn.
  void NoteSealed(int bucket, const std::vector<Event>& sealed);

  // Has the next turn on the bucket look for held deliveries that are due.
  void LookForDue(int bucket) { look_for_due_[bucket] = true; }

  // The poll has found the stored cursor at `position` and the bucket's log longer. Twice at the same place: it has
  // another turn, whatever was to wake it before.
  void NoteBehind(int bucket, int64_t position);

  // Stores the cursors that lag, as far as the database allows.
  void StoreCursors();

 private:
  using AggregateKey = std::pair<Uuid, Uuid>;  // Tenant, aggregate.

  struct Bucket {
    LaggingCursors::Cursor cursor;
    std::map<AggregateKey, HeldDelivery> held;
    absl::Duration wait_until = -absl::InfiniteDuration();
    int failures = 0;  // Of the receiver being down, in a row; decides the pause.
    int attempts = 0;  // The same, of the event after the cursor.
    int outages = 0;   // Of those that ended, how many this bucket knows of.
  };

  absl::Status Load(int bucket, int64_t epoch);
  absl::Status Advance(int bucket, Turn& turn);
  // The receiver's answer to each event; nullopt where it was not asked, because an earlier event of the
  // aggregate was not accepted, or the aggregate is held, or the lease has gone.
  using Answers = std::vector<std::optional<absl::Status>>;
  // Delivers events of different aggregates at the same time, those of one aggregate in order.
  Answers DeliverAll(int bucket, const std::vector<Event>& events);
  // The events of an aggregate, by their places.
  using Chain = std::vector<size_t>;
  // All chains' first events together, then their second ones, ….
  void DeliverTogether(int bucket, const std::vector<Event>& events, const std::vector<const Chain*>& chains,
                       Answers& answers);
  void DeliverInThreads(int bucket, const std::vector<Event>& events, const std::vector<const Chain*>& chains,
                        Answers& answers);
  // Whether the receiver is down, or answers again.
  void NoteAnswer(const absl::Status& status);
  // The receiver answers again after an outage: all pauses end.
  void EndOutage();
  // Takes note of the answer to the event after the cursor.
  absl::Status Follow(int bucket, const Event& event, const std::optional<absl::Status>& answer, Turn& turn);
  absl::Status SetAside(int bucket, const Event& event, const absl::Status& error);
  // Holds what failed with `event`, and stores the cursor at `position` together with it.
  absl::Status Hold(int bucket, const HeldDelivery& held, const Event& event, int64_t position);
  absl::Status RetryHeldOnes(int bucket, bool hurry, Turn& turn);
  absl::Status RetryOne(int bucket, HeldDelivery held, Turn& turn);
  absl::Status Store(int bucket);
  // Forgets the bucket: what was written is not known, or no longer ours.
  void Forget(int bucket);
  absl::StatusOr<std::vector<Event>> NextEvents(int bucket);
  bool Concerns(const Event& event) const;
  absl::Status Deliver(const Event& event);
  void NoteDown(int bucket);
  bool IsHeld(int bucket) const;
  Turn Fail(int bucket, const absl::Status& status, Turn turn);
  void PlanNextTurn(int bucket, Turn& turn);

  mysql::Database& database_;
  const Leases& leases_;
  LogTail& tail_;
  const int reader_;
  const Consumer consumer_;
  const absl::Duration delivery_timeout_;
  const absl::Duration pass_lag_;    // How long events that concern nobody, or may wait, do wait, many for a turn.
  const absl::Duration cursor_lag_;  // How long a cursor may lag behind what was passed.
  const MonotonicClock now_;
  LaggingCursors cursors_;
  WorkQueue queue_;
  Crew crew_;
  std::array<std::atomic<bool>, kBuckets> look_for_due_{};
  std::array<std::atomic<int64_t>, kBuckets> behind_at_{};  // Where the poll last found it behind, plus 1.
  std::atomic<int> down_streak_{0};       // Failures of the receiver being down over all buckets, without a success.
  std::atomic<int> outages_ended_{0};     // See EndOutage.
  std::array<Bucket, kBuckets> buckets_;  // Each touched only by the thread that works on it.
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_DELIVERY_H_
