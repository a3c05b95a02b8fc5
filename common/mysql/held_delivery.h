// Deliveries that wait outside the cursor's way: parked ones, and those that are tried again after a pause.
#ifndef COUNTERSIGN_COMMON_MYSQL_HELD_DELIVERY_H_
#define COUNTERSIGN_COMMON_MYSQL_HELD_DELIVERY_H_

#include <cstdint>
#include <optional>
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

namespace countersign::mysql {

// The events of one aggregate from `version` on, which wait for one consumer while all others go on.
struct HeldDelivery {
  Uuid tenant;
  Uuid aggregate;
  std::string consumer;
  int64_t version = 0;
  bool parked = false;  // Refused for good: tried again only on an operator's Retry.
  int attempts = 0;     // Failed deliveries of `version`.
  absl::Time next_attempt;
  std::string last_error;
};

// The pause after the given number of failed attempts: 1 s, doubled by each, at most five minutes.
absl::Duration PauseAfter(int attempts);

// Writes the row, new or changed, with next_attempt = the database's now + PauseAfter(attempts), in a transaction that
// locks the bucket's lease. Error: LostRace() when the lease has another epoch.
absl::Status StoreHeld(Database& database, absl::Time deadline, const HeldDelivery& held, int64_t epoch);

// Removes the row, all of whose events are delivered, under the lease's lock as well.
absl::Status RemoveHeld(Database& database, absl::Time deadline, const HeldDelivery& held, int64_t epoch);

// Everything that is held of the bucket for the consumer.
absl::StatusOr<std::vector<HeldDelivery>> ReadHeld(Connection& connection, int bucket, const std::string& consumer);

// What is not parked and whose pause is over, longest overdue first, at most `limit`.
absl::StatusOr<std::vector<HeldDelivery>> ReadDue(Connection& connection, int bucket, const std::string& consumer,
                                                  int limit);

// Where something is due: (bucket, consumer).
absl::StatusOr<std::vector<std::pair<int, std::string>>> FindDue(Connection& connection);

// Ends all pauses of the consumer: its receiver is back.
absl::Status EndPauses(Connection& connection, const std::string& consumer);

// Ends the pause, or the parking, of one. Error: NOT_FOUND.
absl::Status RetryHeld(Connection& connection, const Uuid& tenant, const Uuid& aggregate, const std::string& consumer);

// Parked ones first, then by (tenant, aggregate, consumer), what comes after `after`, at most `limit`.
absl::StatusOr<std::vector<HeldDelivery>> ListHeld(Connection& connection, const std::optional<HeldDelivery>& after,
                                                   int limit);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_HELD_DELIVERY_H_
