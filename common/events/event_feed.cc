#include "common/events/event_feed.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/hex.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/events/event_row.h"
#include "common/events/log_keys.h"

namespace countersign::events {
namespace {

// One entry of the index for each bucket, however long the log is: what is sealed has a lease. A GROUP BY of events
// alone reads the whole index while the server's statistics are older than the log. MySQL takes the index's order only
// where all its columns are ordered by.
constexpr absl::string_view kSelectHeads =
    "SELECT leases.bucket, (SELECT position FROM events FORCE INDEX (events_by_position) "
    "WHERE events.bucket = leases.bucket ORDER BY events.bucket DESC, position DESC LIMIT 1) FROM leases";

// Only those in the tenant's bucket: a row of this tenant elsewhere is in no chain that could vouch for it.
constexpr absl::string_view kSelectOfTenant =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS
    " FROM events FORCE INDEX (events_of_tenant) WHERE tenant_id = ? AND bucket = ? AND position > ? "
    "ORDER BY position LIMIT ?";

// The seals at several positions; each is one row by the index.
constexpr absl::string_view kSelectSeals =
    "SELECT bucket, position, seal FROM events FORCE INDEX (events_by_position) WHERE ";
constexpr absl::string_view kAtPosition = "(bucket = ? AND position = ?)";

// Whose a position is.
std::string ReaderOf(const std::optional<Uuid>& tenant) { return tenant.has_value() ? tenant->ToString() : "-"; }

absl::Status PositionUnknown(absl::string_view why) {
  return FailedPrecondition("POSITION_UNKNOWN", absl::StrCat(why, " Begin without a position."));
}

}  // namespace

FeedCursor::FeedCursor(std::optional<Uuid> tenant)
    : tenant_(tenant), positions_(tenant_.has_value() ? 1 : kBuckets, 0), seals_(positions_.size()) {}

void FeedCursor::MoveTo(int bucket, int64_t position, absl::string_view seal) {
  const int i = bucket - first_bucket();
  if (positions_[i] == position && seal.empty()) return;
  positions_[i] = position;
  seals_[i] = std::string(seal.substr(0, kSealBytes));
}

std::vector<FeedCursor::Mark> FeedCursor::SealedMarks() const {
  std::vector<Mark> marks;
  for (size_t i = 0; i < positions_.size(); ++i) {
    if (!seals_[i].empty()) marks.push_back({first_bucket() + static_cast<int>(i), positions_[i], seals_[i]});
  }
  return marks;
}

std::string FeedCursor::ToToken() const {
  std::string text = absl::StrCat("2/", ReaderOf(tenant_), "/");
  for (size_t i = 0; i < positions_.size(); ++i) {
    // A tenant's is as long for a short log as for a long one.
    absl::StrAppend(&text, i == 0 ? "" : ",",
                    absl::Dec(positions_[i], tenant_.has_value() ? absl::kZeroPad19 : absl::kNoPad));
    if (!seals_[i].empty()) absl::StrAppend(&text, ":", absl::BytesToHexString(seals_[i]));
  }
  const LogKeys* const keys = LogKeys::OfProcess();
  return absl::WebSafeBase64Escape(keys == nullptr ? text : keys->SealPosition(text, ReaderOf(tenant_)));
}

absl::StatusOr<FeedCursor> FeedCursor::FromToken(std::optional<Uuid> tenant, absl::string_view token) {
  FeedCursor cursor(tenant);
  const absl::Status wrong = absl::InvalidArgumentError("must be the position of an event of the same parent");
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return wrong;
  if (const LogKeys* const keys = LogKeys::OfProcess(); keys != nullptr) {
    absl::StatusOr<std::string> opened = keys->OpenPosition(text, ReaderOf(tenant));
    if (!opened.ok()) return wrong;
    text = *std::move(opened);
  }
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, absl::StrCat("2/", ReaderOf(tenant), "/"))) return wrong;
  const std::vector<absl::string_view> marks = absl::StrSplit(rest, ',');
  if (marks.size() != cursor.positions_.size()) return wrong;
  for (size_t i = 0; i < marks.size(); ++i) {
    const std::vector<absl::string_view> parts = absl::StrSplit(marks[i], ':');
    int64_t position = 0;
    if (parts.size() > 2 || !absl::SimpleAtoi(parts[0], &position) || position < 0) return wrong;
    if (parts.size() == 2 && (parts[1].size() != 2 * kSealBytes || !absl::c_all_of(parts[1], absl::ascii_isxdigit))) {
      return wrong;
    }
    const std::string seal = parts.size() == 2 ? HexToBytes(parts[1]) : std::string();
    cursor.MoveTo(cursor.first_bucket() + static_cast<int>(i), position, seal);
  }
  return cursor;
}

absl::StatusOr<std::array<int64_t, kBuckets>> ReadHeadPositions(mysql::Reader& reader) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kSelectHeads, {}));
  std::array<int64_t, kBuckets> heads{};
  for (const mysql::Row& row : rows) {
    if (row.Int(0) >= 0 && row.Int(0) < kBuckets) heads[row.Int(0)] = row.IsNull(1) ? 0 : row.Int(1);
  }
  return heads;
}

absl::Status CheckKnown(mysql::Reader& reader, const FeedCursor& cursor, const std::array<int64_t, kBuckets>& heads) {
  for (int bucket = cursor.first_bucket(); bucket < cursor.end_bucket(); ++bucket) {
    if (cursor.After(bucket) > heads[bucket]) return PositionUnknown("The position is beyond the end of this log.");
  }
  const std::vector<FeedCursor::Mark> marks = cursor.SealedMarks();
  if (marks.empty()) return absl::OkStatus();
  std::string sql(kSelectSeals);
  std::vector<mysql::Parameter> parameters;
  // One of two statements, so that they stay prepared: the last mark again where there are fewer.
  const size_t count = cursor.tenant().has_value() ? 1 : kBuckets;
  for (size_t i = 0; i < count; ++i) {
    const FeedCursor::Mark& mark = marks[std::min(i, marks.size() - 1)];
    absl::StrAppend(&sql, i == 0 ? "" : " OR ", kAtPosition);
    parameters.insert(parameters.end(), {mark.bucket, mark.position});
  }
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(sql, parameters));
  for (const FeedCursor::Mark& mark : marks) {
    const bool is_there = absl::c_any_of(rows, [&](const mysql::Row& row) {
      return row.Int(0) == mark.bucket && row.Int(1) == mark.position && absl::StartsWith(row.Bytes(2), mark.seal);
    });
    if (!is_there) return PositionUnknown("This log was put back to an older state after it had given the position.");
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
