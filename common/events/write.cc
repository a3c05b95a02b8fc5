#include "common/events/write.h"

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "common/base/hex.h"
#include "common/base/status_macros.h"
#include "common/base/trace.h"
#include "common/events/log_keys.h"
#include "common/mysql/errors.h"
#include "common/mysql/gather.h"
#include "common/mysql/table.h"

namespace countersign::events {
namespace {

constexpr mysql::Table kEvents = {
    .name = "events",
    .key = "tenant_id, aggregate_id, version",
    .fixed =
        "bucket, type, actor, on_behalf_of, reason, request_id, create_time, payload, payload_type, "
        "resource_digest, salt, digest, position, seal, mac, trace_id"};

constexpr absl::string_view kSelectDigest =
    "SELECT digest FROM events WHERE tenant_id = ? AND aggregate_id = ? AND version = ?";

// The unique keys of positions, as the server names them in the text of error 1062.
constexpr absl::string_view kPositionKeys[] = {"events_by_position", "events_of_tenant"};

constexpr absl::string_view kPlaceTaken = "PLACE_TAKEN";

mysql::Parameter NullIfEmpty(const std::string& bytes) {
  return bytes.empty() ? mysql::Parameter(std::nullopt) : mysql::Parameter(bytes);
}

mysql::Parameter TraceOf(const Event& event) {
  return IsTraceId(event.trace_id) ? mysql::Parameter(HexToBytes(event.trace_id)) : mysql::Parameter(std::nullopt);
}

mysql::RowWrite EventRow(const Placing& placing) {
  const Event& event = *placing.event;
  const LogKeys* const keys = LogKeys::OfProcess();
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
                     position, seal, keys == nullptr ? std::string() : keys->MacOf(placing.digest), TraceOf(event)},
          .if_duplicate = absl::OkStatus()};
}

mysql::RowWrite ReplyRow(const StoredReply& reply) {
  const RequestKey& key = reply.key;
  return mysql::Insert(kStoredReplies,
                       {key.tenant, key.caller, key.method, key.request_id, key.request_hash, reply.reply, reply.sealed,
                        reply.create_time},
                       ReplyAlreadyStored());
}

// Reads the rows of one SELECT under their locks, in the order of their keys so that two transactions lock alike, and
// asks every guard.
absl::Status CheckGuards(mysql::Connection& connection, const std::vector<const RowGuard*>& guards) {
  std::map<std::vector<std::string>, const RowGuard*> by_key;
  for (const RowGuard* guard : guards) by_key.emplace(mysql::TextsOf(guard->key), guard);
  std::vector<mysql::Parameter> parameters;
  size_t keys = 0;
  const size_t rounded = mysql::RoundUpKeys(by_key.size());
  for (auto it = by_key.begin(); keys < rounded; ++keys) {
    parameters.insert(parameters.end(), it->second->key.begin(), it->second->key.end());
    if (std::next(it) != by_key.end()) ++it;  // The last key again where there are fewer.
  }
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   connection.Query(StatementFor(*guards.front()->select, static_cast<int>(keys)), parameters));
  for (const RowGuard* guard : guards) {
    const std::optional<mysql::Row> row = mysql::RowWithKey(rows, mysql::TextsOf(guard->key));
    if (!row.has_value() || !guard->holds(*row)) return LostRace();
  }
  return absl::OkStatus();
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
  std::map<std::string, std::vector<const RowGuard*>> guards;
  for (const Change* change : changes) {
    for (const RowGuard& guard : change->guards) guards[guard.select->select].push_back(&guard);
    if (change->reply.has_value()) replies.push_back(ReplyRow(*change->reply));
    for (const mysql::RowWrite& row : change->rows) rows.push_back(&row);
  }
  RETURN_IF_ERROR(mysql::WriteRows(connection, replies));
  for (const Change* change : changes) {
    if (change->also) RETURN_IF_ERROR(change->also(connection));
  }
  for (const auto& [select, of_select] : guards) RETURN_IF_ERROR(CheckGuards(connection, of_select));
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
