// Reads the sealed log, in order of position per bucket, and verifies its chain.
#ifndef COUNTERSIGN_COMMON_MYSQL_EVENT_LOG_H_
#define COUNTERSIGN_COMMON_MYSQL_EVENT_LOG_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/change.h"

namespace countersign::mysql {

// Sealed events of the bucket with a position above `after`, at most `limit`, in order.
absl::StatusOr<std::vector<Event>> ReadSealed(Connection& connection, int bucket, int64_t after, int limit);

// Sealed events of one aggregate from `version` on, at most `limit`, in order of version.
absl::StatusOr<std::vector<Event>> ReadAggregate(Connection& connection, const Uuid& tenant, const Uuid& aggregate,
                                                 int64_t version, int limit);

// Gives the bucket's unsealed events (at most 100) their positions and seals: seal = SHA-256(previous seal, digest).
// An aggregate's events are sealed in the order of their versions. The lease's `epoch` is checked in the same
// transaction. Returns how many were sealed. Error: LostRace() when the lease has changed hands.
absl::StatusOr<int> SealBucket(Database& database, absl::Time deadline, int bucket, int64_t epoch);

// OK when every sealed event of the bucket has the digest of its columns and the seal of its place, without gaps.
// Error: DATA_LOSS naming bucket and position.
absl::Status VerifyChain(Connection& connection, int bucket);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_EVENT_LOG_H_
