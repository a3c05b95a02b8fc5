// Deliveries that wait outside the cursor's way: parked ones, and those that are tried again after a pause.
#ifndef COUNTERSIGN_COMMON_EVENTS_HELD_DELIVERY_H_
#define COUNTERSIGN_COMMON_EVENTS_HELD_DELIVERY_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"

namespace countersign::events {

// The events of one aggregate from `version` on, which wait for one consumer while all others go on.
struct HeldDelivery {
  Uuid tenant;
  Uuid aggregate;
  std::string consumer;
  int64_t version = 0;
  bool parked = false;  // Refused for good: waits for an operator.
  int attempts = 0;     // Failed deliveries of `version`.
  absl::Time next_attempt;
  std::string last_error;
};

// The pause after the given number of failed attempts: 1 s, doubled by each, at most five minutes.
absl::Duration PauseAfter(int attempts);

// Writes the row, new or changed, with next_attempt = the database's now + PauseAfter(attempts), and moves the
// consumer's cursor to `position`, in one transaction that locks the bucket's lease. Together, so that a cursor that
// lags never leads back to an event which an operator has given up since. Error: LostRace() when the lease has another
// epoch.
absl::Status StoreHeld(mysql::Database& database, absl::Time deadline, const HeldDelivery& held, int64_t position,
                       int64_t epoch);

// Removes the row, all of whose events are delivered, under the lease's lock as well.
absl::Status RemoveHeld(mysql::Database& database, absl::Time deadline, const HeldDelivery& held, int64_t epoch);

// Everything that is held of the bucket for the consumer.
absl::StatusOr<std::vector<HeldDelivery>> ReadHeld(mysql::Reader& reader, int bucket, const std::string& consumer);

// The held deliveries that are not parked and whose pause is over, longest overdue first, at most `limit`.
absl::StatusOr<std::vector<HeldDelivery>> ReadDue(mysql::Reader& reader, int bucket, const std::string& consumer,
                                                  int limit);

// The (bucket, consumer) pairs with a delivery that is due.
absl::StatusOr<std::vector<std::pair<int, std::string>>> FindDue(mysql::Reader& reader);

// Ends all pauses of the consumer: its receiver is back.
absl::Status EndPauses(mysql::Connection& connection, const std::string& consumer);

// The operators' verbs: read what waits, decide what it becomes, and write that in the transaction that leaves the
// event.
struct WaitingDelivery {
  HeldDelivery held = {};
  absl::Time now;               // By the database's clock.
  std::string event_type = {};  // Of the event that waits; empty when the aggregate has no such version yet.
  int64_t event_position = 0;   // Its place in the bucket's log; 0 when it has none yet.
};
// Error: NOT_FOUND DELIVERY_NOT_FOUND when nothing of the aggregate waits for the consumer.
absl::StatusOr<WaitingDelivery> FindHeld(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate,
                                         const std::string& consumer);

// Tried again at once: neither its pause nor its parking goes on.
HeldDelivery Retried(const WaitingDelivery& waiting);

// Without the version that waits: the next one is tried at once.
HeldDelivery Abandoned(const WaitingDelivery& waiting);

// Puts what Retried or Abandoned made of it into its place. Where that is another version, the bucket's lease is fenced
// as well, so that a worker that still has the old one in hand starts again.
// Errors: LostRace() when it is no longer what was read; FAILED_PRECONDITION REDELIVERY_UNDER_WAY when an event would
// be given up that the consumer's cursor, moved back, has yet to pass: it would be delivered on the way.
absl::Status ReplaceHeld(mysql::Connection& connection, const WaitingDelivery& waiting, const HeldDelivery& after);

// Parked ones first, then by (tenant, aggregate, consumer). The condition is on columns of held_deliveries.
absl::StatusOr<mysql::Page<HeldDelivery>> ListHeld(mysql::Database& database, absl::Time deadline,
                                                   const mysql::PageQuery& query);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_HELD_DELIVERY_H_
