#include "common/events/write.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
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
        "resource_digest, salt, digest, position, seal"};

constexpr mysql::Table kReplies = {.name = "stored_replies",
                                   .key = "tenant_id, caller, method, request_id",
                                   .fixed = "request_hash, reply, sealed, create_time"};

constexpr absl::string_view kSelectDigest =
    "SELECT digest FROM events WHERE tenant_id = ? AND aggregate_id = ? AND version = ?";

// The unique keys of positions, as the server names them in the text of error 1062.
constexpr absl::string_view kPositionKeys[] = {"events_by_position", "events_of_tenant"};

constexpr absl::string_view kPlaceTaken = "PLACE_TAKEN";

mysql::Parameter NullIfEmpty(const std::string& bytes) {
  return bytes.empty() ? mysql::Parameter(std::nullopt) : mysql::Parameter(bytes);
}

mysql::RowWrite EventRow(const Placing& placing) {
  const Event& event = *placing.event;
  mysql::Parameter position(std::nullopt);
  mysql::Parameter seal(std::nullopt);
  if (placing.place.has_value()) {
    position = placing.place->position;
    seal = placing.place->seal;
  }
  return {.table = &kEvents,
          .kind = mysql::RowWrite::Kind::kInsert,
          .values = {event.tenant, event.aggregate, event.version, placing.bucket, event.type, event.actor,
                     event.on_behalf_of, event.reason, event.request_id, event.create_time, event.payload,
                     event.payload_type, NullIfEmpty(event.resource_digest), NullIfEmpty(event.salt), placing.digest,
                     position, seal},
          .if_duplicate = absl::OkStatus()};
}

mysql::RowWrite ReplyRow(const StoredReply& reply) {
  const RequestKey& key = reply.key;
  return mysql::Insert(kReplies,
                       {key.tenant, key.caller, key.method, key.request_id, key.request_hash, reply.reply, reply.sealed,
                        reply.create_time},
                       ReplyAlreadyStored());
}

absl::Status DuplicateEvent(const absl::Status& status) {
  if (!mysql::IsDuplicateKey(status)) return status;
  const std::string message = mysql::ServerMessageOf(status);
  for (const absl::string_view key : kPositionKeys) {
    if (absl::StrContains(message, key)) {
      return Error(absl::StatusCode::kAborted, kPlaceTaken, "Another replica seals this bucket.");
    }
  }
  return LostRace();
}

}  // namespace

size_t RowsOf(const Change& change) { return change.events.size() + change.rows.size(); }

size_t BytesOf(const Change& change) {
  size_t bytes = change.reply.has_value() ? change.reply->reply.size() : 0;
  for (const Event& event : change.events) bytes += event.payload.size();
  return bytes;
}

absl::Status WriteChanges(mysql::Connection& connection, absl::Span<const Change* const> changes,
                          const std::vector<Placing>& events) {
  std::vector<mysql::RowWrite> log;
  for (const Placing& placing : events) log.push_back(EventRow(placing));
  RETURN_IF_ERROR(DuplicateEvent(mysql::WriteRows(connection, log)));

  std::vector<mysql::RowWrite> replies;
  std::vector<const mysql::RowWrite*> rows;
  for (const Change* change : changes) {
    if (change->reply.has_value()) replies.push_back(ReplyRow(*change->reply));
    for (const mysql::RowWrite& row : change->rows) rows.push_back(&row);
  }
  RETURN_IF_ERROR(mysql::WriteRows(connection, replies));
  for (const Change* change : changes) {
    if (change->also) RETURN_IF_ERROR(change->also(connection));
  }
  return mysql::WriteRows(connection, rows);
}

bool IsPlaceTaken(const absl::Status& status) {
  return absl::IsAborted(status) && DetailsOf(status).reason == kPlaceTaken;
}

absl::StatusOr<bool> IsStored(mysql::Reader& reader, const Placing& placing) {
  const Event& event = *placing.event;
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   reader.QueryOne(kSelectDigest, {event.tenant, event.aggregate, event.version}));
  return row.has_value() && row->Bytes(0) == placing.digest;
}

}  // namespace countersign::events
