// Seals the log and carries it to its consumers: a lease per bucket, a durable cursor per (bucket, consumer).
#ifndef COUNTERSIGN_COMMON_EVENTS_RELAY_H_
#define COUNTERSIGN_COMMON_EVENTS_RELAY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/log_tail.h"
#include "common/events/monotonic.h"
#include "common/mysql/database.h"

namespace countersign::events {

// A receiver of the log. `deliver` is idempotent and may see an event again; it returns OK also for events that do not
// concern it. Called from several threads at once, for different aggregates. Errors: UNAVAILABLE, DEADLINE_EXCEEDED,
// RESOURCE_EXHAUSTED = the receiver is down or overloaded, the bucket waits 0.1 s … 2 s (after five in a row the
// aggregate steps aside); INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, OUT_OF_RANGE,
// PERMISSION_DENIED, UNIMPLEMENTED = refused for good, the aggregate is parked; any other = the aggregate steps aside
// and is tried again later, with growing pauses up to five minutes.
struct Consumer {
  std::string name;  // Durable: names the cursor.
  std::function<absl::Status(const Event& event, absl::Time deadline)> deliver;
  // Types of events that no operator may give up: without them money or a confirmation would be lost for good. What
  // refuses them has to be repaired.
  std::vector<std::string> must_arrive = {};
  // The same for several events, each of another aggregate: an answer for each, in their order. Empty: `deliver` is
  // called for each.
  std::function<std::vector<absl::Status>(const std::vector<const Event*>& events, absl::Time deadline)> deliver_many =
      nullptr;
  // Whether the event may concern the receiver; one that does not is passed over. Cheap. Empty: every event does.
  std::function<bool(const Event& event)> concerns = nullptr;
  // Whether the event may come a fifth of a second later, because the receiver most likely learns of it before by
  // another way; then both do not write it at the same moment. Cheap. Empty: none may.
  std::function<bool(const Event& event)> may_wait = nullptr;
};

// A recurring act on one bucket at a time, by the same lease as the log (an expiry worker, a billing run). Called
// every `interval`, and once for each bucket that was just taken; does a bounded amount of work and is idempotent.
struct BucketTask {
  std::string name;
  absl::Duration interval = absl::Seconds(5);
  std::function<absl::Status(int bucket, absl::Time deadline)> run;
  // For Relay::DoWhatIsDue. False: nothing ever falls due by the business clock.
  bool by_business_clock = true;
  // Which buckets, of this replica or not, have something due now, found in one statement. Empty: it may be any.
  std::function<absl::StatusOr<std::vector<int>>(absl::Time deadline)> due = nullptr;
  // `due` misses nothing: it is asked every `interval`, and only its buckets are run. Otherwise each held bucket is.
  bool runs_only_when_due = false;
  int threads = 2;  // So many buckets at once.
};

struct RelayOptions {
  // Events that it commits are sealed in the commit where this replica holds their bucket. Null: by the next poll.
  Committer* committer = nullptr;
  std::string owner;  // NewOwner (owner.h): a restarted replica takes its own leases back at once.
  // For the sealer and again for each consumer, so that one that hangs holds back no other. As many deliveries of
  // different buckets are under way at once, and the receiver's committer gathers what they bring: with 4 threads an
  // order cost 31 statements, with 10 it costs 17. 0: Start begins no thread at all, and a test does everything by
  // Step.
  int threads = 12;
  int helpers = 8;  // Of each consumer: so many deliveries more of different aggregates at once.
  absl::Duration lease = absl::Seconds(10);
  absl::Duration poll = absl::Seconds(1);  // The fallback; commits of this process wake it at once.
  absl::Duration delivery_timeout = absl::Seconds(10);
  // A cursor in the database may lag behind what was delivered by this much, or by 1,000 events: writing it for every
  // event would cost as many commits as the work itself. What a crash forgets is delivered again.
  absl::Duration cursor_lag = absl::Seconds(1);
  absl::Duration audit_head_interval = absl::Minutes(10);  // How often the chain's heads are logged: head_export.h.
  MonotonicClock now = MonotonicNow;
  OnSealed on_sealed = nullptr;  // May be empty.
};

// Runs in threads of its own from Start to Stop. Thread-safe.
class Relay {
 public:
  virtual ~Relay() = default;
  virtual void Start() = 0;
  // Finishes the delivery under way, gives the leases back, joins the threads.
  virtual void Stop() = 0;

  // Seals and delivers everything that is there now in the buckets of this replica, in the calling thread: for tests
  // with Start never called. Takes the leases first, runs no tasks, and stores the cursors. What waits out a pause is
  // tried at once; parked deliveries are left alone. Errors: DEADLINE_EXCEEDED when something still waits after a round
  // in which nothing moved, or at the deadline; those of Database.
  virtual absl::Status Drain(absl::Time deadline) = 0;

  // Does once, in the calling thread, what the threads do: renews the leases; polls; works on all that is due. For
  // tests with threads = 0.
  enum class Step : uint8_t { kRenew, kPoll, kWork };
  virtual absl::Status Do(Step step, absl::Time deadline) = 0;

  // Looks at once, and not only at the next poll, for what was changed from outside: leases that were fenced, held
  // deliveries that have become due. Where another replica holds the bucket, its next poll finds it. Cheap.
  virtual void LookNow() = 0;

  // Has the task of this name take its next turn on the bucket at once, where this replica holds it; where another
  // does, the task's interval is what it takes. For what a commit has just given a task to do. Cheap; nothing for an
  // unknown name.
  virtual void WakeTask(absl::string_view task, int bucket) = 0;

  // Has every task take turns on every bucket of this replica with something due, until a round of them writes nothing,
  // and waits until all that the log then holds was delivered: for a business clock that has just been advanced. After
  // Start. Errors: UNAVAILABLE when a task failed, or this replica has no bucket; DEADLINE_EXCEEDED; those of Database.
  virtual absl::Status DoWhatIsDue(absl::Time deadline) = 0;

  // Whether this log has a consumer of that name.
  virtual bool Knows(absl::string_view consumer) const = 0;

  // Whether the consumer has the type among Consumer::must_arrive; false of an unknown consumer.
  virtual bool MustArrive(absl::string_view consumer, absl::string_view event_type) const = 0;

  // Moves the consumer's cursors back to before the first event with create_time >= since, each bucket's in a
  // transaction of its own. Receivers do not mind. After an error some have moved: call again. Errors: those of
  // Database.
  virtual absl::Status Redeliver(absl::Time deadline, const std::string& consumer, absl::Time since) = 0;
};

// Runs HeadExport (head_export.h) beside `tasks`. `database` and what the consumers use must outlive the relay.
std::unique_ptr<Relay> MakeRelay(mysql::Database& database, RelayOptions options, std::vector<Consumer> consumers,
                                 std::vector<BucketTask> tasks);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_RELAY_H_
