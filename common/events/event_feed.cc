#include "common/events/event_feed.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/events/event_row.h"

namespace countersign::events {
namespace {

// Without a WHERE, so that it jumps from bucket to bucket in the index and reads 64 entries, however long the log is.
constexpr absl::string_view kSelectHeads = "SELECT bucket, MAX(position) FROM events GROUP BY bucket";

// Only those in the tenant's bucket: a row of this tenant elsewhere is in no chain that could vouch for it.
constexpr absl::string_view kSelectOfTenant =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS
    " FROM events FORCE INDEX (events_of_tenant) WHERE tenant_id = ? AND bucket = ? AND position > ? "
    "ORDER BY position LIMIT ?";

// The first part of a token: the form, and whose it is.
std::string OwnerOf(const std::optional<Uuid>& tenant) {
  return absl::StrCat("1/", tenant.has_value() ? tenant->ToString() : "-");
}

}  // namespace

FeedCursor::FeedCursor(std::optional<Uuid> tenant)
    : tenant_(tenant), positions_(tenant_.has_value() ? 1 : kBuckets, 0) {}

std::string FeedCursor::ToToken() const {
  return absl::WebSafeBase64Escape(absl::StrCat(OwnerOf(tenant_), "/", absl::StrJoin(positions_, ",")));
}

absl::StatusOr<FeedCursor> FeedCursor::FromToken(std::optional<Uuid> tenant, absl::string_view token) {
  FeedCursor cursor(tenant);
  const absl::Status wrong = absl::InvalidArgumentError("must be the position of an event of the same parent");
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return wrong;
  const absl::string_view view = text;
  const size_t slash = view.rfind('/');
  if (slash == absl::string_view::npos || view.substr(0, slash) != OwnerOf(cursor.tenant_)) return wrong;
  const std::vector<absl::string_view> numbers = absl::StrSplit(view.substr(slash + 1), ',');
  if (numbers.size() != cursor.positions_.size()) return wrong;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (!absl::SimpleAtoi(numbers[i], &cursor.positions_[i]) || cursor.positions_[i] < 0) return wrong;
  }
  return cursor;
}

absl::StatusOr<std::array<int64_t, kBuckets>> ReadHeadPositions(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kSelectHeads, {}));
  std::array<int64_t, kBuckets> heads{};
  for (const mysql::Row& row : rows) {
    if (row.Int(0) >= 0 && row.Int(0) < kBuckets) heads[row.Int(0)] = row.Int(1);
  }
  return heads;
}

absl::Status CheckKnown(const FeedCursor& cursor, const std::array<int64_t, kBuckets>& heads) {
  for (int bucket = cursor.first_bucket(); bucket < cursor.end_bucket(); ++bucket) {
    if (cursor.After(bucket) <= heads[bucket]) continue;
    return FailedPrecondition("POSITION_UNKNOWN", "The position is beyond the end of this log. Begin without one.");
  }
  return absl::OkStatus();
}

size_t BytesOf(const Event& event) {
  constexpr size_t kTheRest = 512;  // Names, ids, times, digests.
  return kTheRest + event.payload.size() + event.reason.size();
}

absl::StatusOr<std::vector<Event>> ReadFeed(mysql::Reader& reader, const FeedCursor& cursor, int bucket, int limit) {
  const int64_t after = cursor.After(bucket);
  if (!cursor.tenant().has_value()) return ReadSealed(reader, bucket, after, limit);
  return ReadEvents(reader, kSelectOfTenant, {*cursor.tenant(), bucket, after, limit});
}

}  // namespace countersign::events
