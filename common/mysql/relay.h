// Seals the log and carries it to its consumers: a lease per bucket, a durable cursor per (bucket, consumer).
#ifndef COUNTERSIGN_COMMON_MYSQL_RELAY_H_
#define COUNTERSIGN_COMMON_MYSQL_RELAY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/mysql/change.h"

namespace countersign::mysql {

// A receiver of the log. `deliver` is idempotent and may see an event again; it returns OK also for events that do not
// concern it. Errors: UNAVAILABLE = the receiver is down, the bucket waits (after five in a row the aggregate steps
// aside); INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, OUT_OF_RANGE, PERMISSION_DENIED,
// UNIMPLEMENTED = refused for good, the aggregate is parked; any other = the aggregate steps aside and is tried again
// later, with growing pauses up to five minutes.
struct Consumer {
  std::string name;  // Durable: names the cursor.
  std::function<absl::Status(const Event& event, absl::Time deadline)> deliver;
};

// A recurring act on one bucket at a time, by the same lease as the log (an expiry worker, a billing run). Called for
// each held bucket every `interval`; does a bounded amount of work and is idempotent.
struct BucketTask {
  std::string name;
  absl::Duration interval = absl::Seconds(5);
  std::function<absl::Status(int bucket, absl::Time deadline)> run;
};

// A delivery that waits, for the operator.
struct HeldDelivery {
  Uuid tenant;
  Uuid aggregate;
  std::string consumer;
  int64_t version = 0;
  bool parked = false;
  int attempts = 0;
  absl::Time next_attempt;
  std::string last_error;
};

struct RelayOptions {
  std::string owner;  // Stable per replica (host:port): a restarted replica takes its own leases back at once.
  int threads = 4;
  absl::Duration lease = absl::Seconds(10);
  absl::Duration poll = absl::Seconds(1);  // The fallback; commits of this process wake it at once.
  absl::Duration delivery_timeout = absl::Seconds(10);
};

// Runs in threads of its own from Start to Stop. Thread-safe.
class Relay {
 public:
  virtual ~Relay() = default;
  virtual void Start() = 0;
  // Finishes the delivery under way, gives the leases back, joins the threads.
  virtual void Stop() = 0;

  // Seals and delivers everything that is there now, in the calling thread: for tests with Start never called.
  // Error: DEADLINE_EXCEEDED when something still waits then.
  virtual absl::Status Drain(absl::Time deadline) = 0;

  // Deliveries that wait, parked ones first, keyset-paged by (tenant, aggregate, consumer) after `after`.
  virtual absl::StatusOr<std::vector<HeldDelivery>> ListHeld(absl::Time deadline, const std::optional<HeldDelivery>& after, int limit) = 0;

  // Tries the held delivery again at the next turn. Error: NOT_FOUND.
  virtual absl::Status Retry(absl::Time deadline, const Uuid& tenant, const Uuid& aggregate, const std::string& consumer) = 0;

  // Moves the consumer's cursors back to before the first event with create_time >= since. Receivers do not mind.
  // Error: NOT_FOUND for an unknown consumer.
  virtual absl::Status Redeliver(absl::Time deadline, const std::string& consumer, absl::Time since) = 0;
};

// `database` and what the consumers use must outlive the relay.
std::unique_ptr<Relay> MakeRelay(Database& database, RelayOptions options, std::vector<Consumer> consumers,
                                 std::vector<BucketTask> tasks);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_RELAY_H_
