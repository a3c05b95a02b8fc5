#include "common/event_api/event_parent.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"

namespace countersign::event_api {

std::optional<Uuid> RequireEventParent(FieldViolations& violations, absl::string_view parent) {
  if (parent == "-") return std::nullopt;
  const size_t slash = parent.find('/');
  const absl::string_view collection = parent.substr(0, slash);
  if (slash != absl::string_view::npos && !collection.empty() && absl::ascii_islower(collection.front()) &&
      std::all_of(collection.begin(), collection.end(), absl::ascii_isalpha)) {
    const absl::StatusOr<Uuid> tenant = Uuid::Parse(parent.substr(slash + 1));
    if (tenant.ok()) return *tenant;
  }
  violations.Add("parent", "must be \"-\" or a name like \"partners/{partner}\" with a lower-case UUID");
  return std::nullopt;
}

events::FeedCursor RequireEventPosition(FieldViolations& violations, const std::optional<Uuid>& tenant,
                                        absl::string_view position) {
  if (position.empty()) return events::FeedCursor(tenant);
  absl::StatusOr<events::FeedCursor> cursor = events::FeedCursor::FromToken(tenant, position);
  if (cursor.ok()) return *std::move(cursor);
  violations.Add("position", cursor.status().message());
  return events::FeedCursor(tenant);
}

absl::Status CheckEventParent(const rpc::Call& call, absl::string_view parent) {
  if (call.caller().role != rpc::Role::kPartner || parent == call.caller().name) return absl::OkStatus();
  return NotFound("RESOURCE_NOT_FOUND", "There is no such resource.");
}

}  // namespace countersign::event_api
