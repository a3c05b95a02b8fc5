#include "common/events/change.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/table.h"

namespace countersign::events {
namespace {

constexpr mysql::Table kEvents = {
    .name = "events",
    .key = "tenant_id, aggregate_id, version",
    .fixed =
        "bucket, type, actor, on_behalf_of, reason, request_id, create_time, payload, payload_type, "
        "resource_digest, salt, digest"};

constexpr mysql::Table kReplies = {.name = "stored_replies",
                                   .key = "tenant_id, caller, method, request_id",
                                   .fixed = "request_hash, reply, sealed, create_time"};

constexpr absl::string_view kSelectReply =
    "SELECT request_hash, reply, sealed, create_time FROM stored_replies "
    "WHERE tenant_id = ? AND caller = ? AND method = ? AND request_id = ?";

constexpr absl::string_view kSelectDigest =
    "SELECT digest FROM events WHERE tenant_id = ? AND aggregate_id = ? AND version = ?";

constexpr absl::string_view kSelectLastVersion =
    "SELECT MAX(version) FROM events WHERE tenant_id = ? AND aggregate_id = ?";

constexpr absl::string_view kReplyAlreadyStored = "REPLY_ALREADY_STORED";

// The length first, so that no two lists of columns give the same bytes.
void AppendColumn(absl::string_view column, std::string& bytes) { absl::StrAppend(&bytes, column.size(), ":", column); }

mysql::Parameter NullIfEmpty(const std::string& bytes) {
  return bytes.empty() ? mysql::Parameter(std::nullopt) : mysql::Parameter(bytes);
}

mysql::RowWrite RowOf(const Event& event) {
  return mysql::Insert(
      kEvents, {event.tenant, event.aggregate, event.version, BucketOf(event.tenant), event.type, event.actor,
                event.on_behalf_of, event.reason, event.request_id, event.create_time, event.payload,
                event.payload_type, NullIfEmpty(event.resource_digest), NullIfEmpty(event.salt), DigestOf(event)});
}

mysql::RowWrite RowOf(const StoredReply& reply) {
  const RequestKey& key = reply.key;
  return mysql::Insert(kReplies,
                       {key.tenant, key.caller, key.method, key.request_id, key.request_hash, reply.reply, reply.sealed,
                        reply.create_time},
                       ReplyAlreadyStored());
}

absl::StatusOr<bool> IsStored(mysql::Reader& reader, const Event& event) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   reader.QueryOne(kSelectDigest, {event.tenant, event.aggregate, event.version}));
  // Another change may have taken the version: only the digest tells ours.
  return row.has_value() && row->Bytes(0) == DigestOf(event);
}

}  // namespace

int BucketOf(const Uuid& tenant) { return static_cast<uint8_t>(Sha256(tenant.bytes())[0]) % kBuckets; }

std::string DigestOf(const Event& event) {
  std::string bytes;
  bytes.reserve(256 + event.payload.size());
  AppendColumn(event.tenant.bytes(), bytes);
  AppendColumn(event.aggregate.bytes(), bytes);
  AppendColumn(absl::StrCat(event.version), bytes);
  AppendColumn(absl::StrCat(BucketOf(event.tenant)), bytes);
  AppendColumn(event.type, bytes);
  AppendColumn(event.actor, bytes);
  AppendColumn(event.on_behalf_of, bytes);
  AppendColumn(event.reason, bytes);
  AppendColumn(event.request_id, bytes);
  AppendColumn(absl::StrCat(absl::ToUnixMicros(event.create_time)), bytes);
  AppendColumn(event.payload, bytes);
  if (!event.payload_type.empty()) {
    AppendColumn(event.payload_type, bytes);
    AppendColumn(event.resource_digest, bytes);
  }
  return Sha256(bytes);
}

absl::Status ReplyAlreadyStored() {
  return Error(absl::StatusCode::kAborted, kReplyAlreadyStored, "Another call with this request_id committed first.");
}

bool IsReplyAlreadyStored(const absl::Status& status) {
  return absl::IsAborted(status) && DetailsOf(status).reason == kReplyAlreadyStored;
}

absl::Status CheckChange(const Change& change) {
  if (change.events.empty()) return absl::InternalError("A change without an event.");
  for (const Event& event : change.events) {
    if (event.tenant != change.events.front().tenant) return absl::InternalError("A change of more than one tenant.");
  }
  return absl::OkStatus();
}

absl::Status WriteChange(mysql::Connection& connection, const Change& change) {
  std::vector<mysql::RowWrite> log;
  for (const Event& event : change.events) log.push_back(RowOf(event));
  RETURN_IF_ERROR(mysql::WriteRows(connection, log));
  if (change.reply.has_value()) RETURN_IF_ERROR(mysql::WriteRows(connection, {RowOf(*change.reply)}));
  if (change.also) RETURN_IF_ERROR(change.also(connection));
  return mysql::WriteRows(connection, change.rows);
}

absl::Status Commit(mysql::Database& database, absl::Time deadline, const Change& change) {
  RETURN_IF_ERROR(CheckChange(change));
  const auto body = [&](mysql::Connection& connection) { return WriteChange(connection, change); };
  const auto was_committed = [&](mysql::Reader& reader) { return IsStored(reader, change.events.front()); };
  RETURN_IF_ERROR(database.Transact(deadline, body, was_committed));
  database.NotifyCommit(BucketOf(change.events.front().tenant));
  return absl::OkStatus();
}

absl::Status Commit(mysql::Database& database, absl::Time deadline, const Change& change,
                    mysql::TransactionBody write_rows) {
  Change with_rows = change;
  with_rows.also = [&](mysql::Connection& connection) { return write_rows(connection); };
  return Commit(database, deadline, with_rows);
}

absl::StatusOr<int64_t> LastVersion(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectLastVersion, {tenant, aggregate}));
  return row.has_value() && !row->IsNull(0) ? row->Int(0) : 0;
}

absl::StatusOr<std::optional<StoredReply>> FindReply(mysql::Database& database, absl::Time deadline,
                                                     const RequestKey& key) {
  std::optional<StoredReply> reply;
  RETURN_IF_ERROR(database.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                     reader.QueryOne(kSelectReply, {key.tenant, key.caller, key.method, key.request_id}));
    if (!row.has_value()) return absl::OkStatus();
    reply = StoredReply{.key = key, .reply = row->Bytes(1), .sealed = row->Bool(2), .create_time = row->Time(3)};
    reply->key.request_hash = row->Bytes(0);
    return absl::OkStatus();
  }));
  return reply;
}

}  // namespace countersign::events
