// A committed change: its rows, its events and the stored reply of the request that asked for it, in one transaction.
#ifndef COUNTERSIGN_COMMON_EVENTS_CHANGE_H_
#define COUNTERSIGN_COMMON_EVENTS_CHANGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::events {

inline constexpr int kBuckets = 64;

// The bucket of a tenant, for ever.
int BucketOf(const Uuid& tenant);

// One change of an aggregate. (tenant, aggregate, version) is unique; version is the aggregate's own, from 1.
struct Event {
  Uuid tenant;
  Uuid aggregate;
  int64_t version = 0;
  std::string type;          // UPPER_SNAKE: "ORDER_CONFIRMED".
  std::string actor;         // Who did it: "partners/…/apiKeys/…", "operators/…", "services/…".
  std::string on_behalf_of;  // For the record; may be empty.
  std::string reason;        // Free text of the caller; may be empty.
  std::string request_id;    // May be empty for acts of workers.
  absl::Time create_time;
  std::string payload;            // A serialized protocol buffer; no personal data, no secret.
  std::string payload_type = {};  // Full name of its message: "countersign.order.v1.OrderEvent"; empty in old events.
  // SHA-256 of salt and the deterministic bytes of the resource after the change (the digest before is that of version
  // - 1). Both empty in old events; the salt is empty, too, once it was erased.
  std::string resource_digest = {};
  std::string salt = {};
  // Set by the sealer; 0 and empty before.
  int64_t position = 0;
  std::string seal;
  // Of the call that it was made in, 32 hexadecimal digits, so that what follows from it is found by the same id. Not
  // part of the digest; empty in old events and for acts of workers.
  std::string trace_id = {};
};

// SHA-256 over every column of the event but position, seal, salt and trace_id, each preceded by its length.
// create_time counts to the microsecond, which is what its column keeps. An event without payload_type, from before
// there was one, has the digest that it always had, without payload_type and resource_digest.
std::string DigestOf(const Event& event);

// Which request a stored reply answers.
struct RequestKey {
  Uuid tenant;
  std::string caller;
  std::string method;  // "countersign.order.v1.OrderService/SubmitOrder"
  std::string request_id;
  std::string request_hash;  // 32 bytes that tell this request from another; keyed, for a request may hold secrets.
};

// The bytes to give back when the same request comes again. `sealed`: `reply` is AES-256-GCM ciphertext (a secret).
struct StoredReply {
  RequestKey key;
  std::string reply;
  bool sealed = false;
  absl::Time create_time;
};

// A row that the change relies on: read under the lock that `select` names, when the change is committed, so that it
// stays as it was until the commit. LostRace() where the row is not there or does not hold.
struct RowGuard {
  const mysql::KeyedSelect* select;  // A constant. It ends with LOCK IN SHARE MODE.
  std::vector<mysql::Parameter> key;
  std::function<bool(const mysql::Row&)> holds;
};

// Nothing but data, so that many changes can be written together. The first insert of an event's (tenant, aggregate,
// version) wins and every other is LostRace(): the events are the lock of the rows, so a row that a change puts belongs
// to an aggregate of which it has an event, and no row needs a guard of its own.
struct Change {
  std::vector<Event> events;         // At least one; all of one tenant.
  std::optional<StoredReply> reply;  // None for acts of workers and relays, which carry natural keys.
  std::vector<mysql::RowWrite> rows = {};
  std::vector<RowGuard> guards = {};  // Checked before the rows are written.
  // For a check under a lock or an UPDATE that counts, which the others cannot express. Runs in the same transaction
  // after events and replies, before guards and any rows; idempotent, because the transaction may run again. Other
  // changes may be in the transaction, and their `also` may have run already, but not their rows: if it reads rows that
  // other changes write, it and they must write them here, with mysql::WriteRows. Usually empty.
  std::function<absl::Status(mysql::Connection&)> also = nullptr;
};

// ABORTED with reason REPLY_ALREADY_STORED: another call with the same request_id committed first. The wrapper of
// common/rpc answers with the stored reply.
absl::Status ReplyAlreadyStored();
bool IsReplyAlreadyStored(const absl::Status& status);

// The most rows that one change may write, and the most bytes that its reply may have.
inline constexpr size_t kMaxRowsOfChange = 500;
inline constexpr size_t kMaxReplyBytes = 64 << 10;

// FAILED_PRECONDITION CHANGE_TOO_LARGE: so many rows are more than kMaxRowsOfChange.
absl::Status ChangeTooLarge(size_t rows);
bool IsChangeTooLarge(const absl::Status& status);

// OK for a change that can be committed. Errors: INVALID_ARGUMENT REPLY_TOO_LARGE; ChangeTooLarge, so that
// whoever made it parks it; INTERNAL for one without an event or of more than one tenant.
absl::Status CheckChange(const Change& change);

// The version of the aggregate's last event, 0 when it has none: for aggregates that are nothing but their events.
absl::StatusOr<int64_t> LastVersion(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate);

// Which event: the lock of whoever makes the next change of the aggregate.
struct EventKey {
  Uuid tenant;
  Uuid aggregate;
  int64_t version = 0;
};

// An event's actor, request and time.
struct EventOrigin {
  std::string actor;
  std::string request_id;
  absl::Time create_time;
};

// Of the committed event of that key, nullopt when there is none.
absl::StatusOr<std::optional<EventOrigin>> FindOrigin(mysql::Database& database, absl::Time deadline,
                                                      const EventKey& key);

// The stored reply for the key, nullopt when there is none. key.request_hash is not compared: the result carries the
// hash of the request that was answered.
absl::StatusOr<std::optional<StoredReply>> FindReply(mysql::Database& database, absl::Time deadline,
                                                     const RequestKey& key);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_CHANGE_H_
