// The sealed log: gives committed events their place and their seal, reads them in that order, verifies the chain.
#ifndef COUNTERSIGN_COMMON_EVENTS_EVENT_LOG_H_
#define COUNTERSIGN_COMMON_EVENTS_EVENT_LOG_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"

namespace countersign::events {

// The most events that are sealed in one transaction.
inline constexpr int kSealBatch = 100;

// The last sealed event of a bucket; position 0 and an empty seal before the first.
struct LogHead {
  int64_t position = 0;
  std::string seal;
};

// The head after an event with this digest: seal = SHA-256(seal of `head`, digest).
LogHead NextHead(const LogHead& head, const std::string& digest);

absl::StatusOr<LogHead> ReadHead(mysql::Reader& reader, int bucket);

// The head of the bucket, and the seal that now stands at a position of it: empty where there is none.
struct HeadAndSeal {
  LogHead head;
  std::string seal;
};

// Both as they were at one moment.
absl::StatusOr<HeadAndSeal> ReadHeadAndSeal(mysql::Reader& reader, int bucket, int64_t position);

// Those of all buckets, in one statement.
absl::StatusOr<std::array<LogHead, kBuckets>> ReadHeads(mysql::Reader& reader);

// Sealed events of the bucket with a position above `after`, at most `limit`, in order.
absl::StatusOr<std::vector<Event>> ReadSealed(mysql::Reader& reader, int bucket, int64_t after, int limit);

// Sealed events of one aggregate from `version` on, at most `limit`, in order of version (which is that of position).
absl::StatusOr<std::vector<Event>> ReadAggregate(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate,
                                                 int64_t version, int limit);

// The aggregate's last event, sealed or not; nullopt when it has none: for aggregates that are nothing but their
// events.
absl::StatusOr<std::optional<Event>> ReadLast(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate);

// Gives the bucket's unsealed events (at most kSealBatch) the positions after `head` and their seals:
// seal = SHA-256(previous seal, digest). An aggregate's events are sealed in the order of their versions. Returns the
// sealed events in order and moves `head` to the last of them.
// Two sealers never fork the chain: a position is unique, and a lease `epoch` that is no longer the bucket's matches
// no row. Error: LostRace() in both cases; `head` is then worth nothing and must be read again, under a lease.
absl::StatusOr<std::vector<Event>> SealBucket(mysql::Database& database, absl::Time deadline, int bucket, int64_t epoch,
                                              LogHead& head);

// OK when every sealed event of the bucket has the digest of its columns and the seal of its place, without gaps.
// Error: DATA_LOSS naming bucket and position.
absl::Status VerifyChain(mysql::Reader& reader, int bucket);

// OK when every event is in a bucket that exists, so that the chains of all buckets cover all events. Error: DATA_LOSS.
absl::Status VerifyBuckets(mysql::Reader& reader);

// One step of it: verifies at most `limit` events after `head` and moves it to the last good one; true at the log's
// end. `known`, heads of this bucket that were noted before, in order of position, must all be in the log still, with
// the same seals; those up to `head` the steps before have seen to.
absl::StatusOr<bool> VerifyChain(mysql::Reader& reader, int bucket, int limit, absl::Span<const LogHead> known,
                                 LogHead& head);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_EVENT_LOG_H_
