// Changes as statements. Internal to common/events.
#ifndef COUNTERSIGN_COMMON_EVENTS_WRITE_H_
#define COUNTERSIGN_COMMON_EVENTS_WRITE_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/mysql/connection.h"
#include "common/mysql/table.h"

namespace countersign::events {

inline constexpr mysql::Table kStoredReplies = {.name = "stored_replies",
                                                .key = "tenant_id, caller, method, request_id",
                                                .fixed = "request_hash, reply, sealed, create_time"};

// The size of a change as a batch counts it: rows and events, and the bytes of payloads and reply.
size_t RowsOf(const Change& change);
size_t BytesOf(const Change& change);

// Writes the changes inside a transaction: their events first, because these are the lock; then the replies, what each
// does `also`, the guards, and the rows. `events` are those of all changes, in order. Errors: LostRace() for an event
// that is there already; PlaceTaken(); ReplyAlreadyStored(); the rows' own refusals.
absl::Status WriteChanges(mysql::Connection& connection, absl::Span<const Change* const> changes,
                          const std::vector<Placing>& events);

// The place that an event was given belongs to another one: this replica's lease has gone.
bool IsPlaceTaken(const absl::Status& status);

// Whether this very event is in the log: another change may have taken its version, so the digest is compared.
absl::StatusOr<bool> IsStored(mysql::Reader& reader, const Placing& placing);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_WRITE_H_
