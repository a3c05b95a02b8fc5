// A row of `events` as an Event. Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_EVENTS_EVENT_ROW_H_
#define COUNTERSIGN_COMMON_EVENTS_EVENT_ROW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/log_keys.h"
#include "common/mysql/connection.h"

// The columns of EventOf(), StoredDigestOf() and IsGenuine(), in their order.
#define COUNTERSIGN_EVENT_COLUMNS                                                                                     \
  "tenant_id, aggregate_id, version, type, actor, on_behalf_of, reason, request_id, create_time, payload, position, " \
  "seal, digest, payload_type, resource_digest, salt, mac, trace_id"

namespace countersign::events {

inline constexpr int kEventColumns = 18;  // Where a statement's further columns begin.

inline Event EventOf(const mysql::Row& row) {
  return Event{.tenant = row.Id(0),
               .aggregate = row.Id(1),
               .version = row.Int(2),
               .type = row.Bytes(3),
               .actor = row.Bytes(4),
               .on_behalf_of = row.Bytes(5),
               .reason = row.Bytes(6),
               .request_id = row.Bytes(7),
               .create_time = row.Time(8),
               .payload = row.Bytes(9),
               .payload_type = row.Bytes(13),
               .resource_digest = row.Bytes(14),
               .salt = row.Bytes(15),
               .position = row.IsNull(10) ? 0 : row.Int(10),
               .seal = row.Bytes(11),
               .trace_id = row.IsNull(17) ? "" : absl::BytesToHexString(row.Bytes(17))};
}

// The events that a SELECT of these columns finds.
inline absl::StatusOr<std::vector<Event>> ReadEvents(mysql::Reader& reader, absl::string_view sql,
                                                     const std::vector<mysql::Parameter>& parameters) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(sql, parameters));
  std::vector<Event> events;
  events.reserve(rows.size());
  for (const mysql::Row& row : rows) events.push_back(EventOf(row));
  return events;
}

inline const std::string& StoredDigestOf(const mysql::Row& row) { return row.Bytes(12); }

// Whether this service made the event of the row; `digest` is that of its columns.
inline bool IsGenuine(const mysql::Row& row, absl::string_view digest) {
  const LogKeys* const keys = LogKeys::OfProcess();
  return keys == nullptr || keys->IsGenuine(row.Bytes(16), digest);
}

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_EVENT_ROW_H_
