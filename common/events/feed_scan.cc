#include "common/events/feed_scan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/event_row.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kOfBucket = "FORCE INDEX (events_by_position) WHERE bucket = ?";
constexpr absl::string_view kOfTenant = "FORCE INDEX (events_of_tenant) WHERE tenant_id = ?";
constexpr absl::string_view kOfAggregate =
    "FORCE INDEX (PRIMARY) WHERE tenant_id = ? AND aggregate_id = ? AND version > ? AND version <= ?";
constexpr absl::string_view kPositions = " AND position > ? AND position <= ?";
// A row of the tenant in another bucket is in no chain that could vouch for it. Not in the window, which reads the
// index alone.
constexpr absl::string_view kInBucket = " AND bucket = ?";

// Each in the order of an index: (bucket, position), (tenant_id, position), (tenant_id, aggregate_id, version). The
// positions of an aggregate's events are in the order of their versions; only bounds on the version spare a step
// those that other steps look at.
constexpr absl::string_view kByPosition = " ORDER BY position LIMIT ?";
constexpr absl::string_view kByVersion = " ORDER BY version LIMIT ?";

constexpr absl::string_view kSelect = "SELECT " COUNTERSIGN_EVENT_COLUMNS " FROM events ";
constexpr absl::string_view kSelectWithDigestBefore =
    "SELECT " COUNTERSIGN_EVENT_COLUMNS
    ", (SELECT earlier.resource_digest FROM events AS earlier WHERE earlier.tenant_id = events.tenant_id "
    "AND earlier.aggregate_id = events.aggregate_id AND earlier.version = events.version - 1) FROM events ";

constexpr absl::string_view kSelectVersion =
    "SELECT version FROM events WHERE tenant_id = ? AND position = ? AND aggregate_id = ?";

// Skipped events have a seal as well, so that a cursor behind one detects a log that was restored.
constexpr absl::string_view kSelectSeal =
    "SELECT seal FROM events FORCE INDEX (events_by_position) WHERE bucket = ? AND position = ?";

// How many rows there are to look at, and where the last of them is; by the index alone.
constexpr absl::string_view kSelectWindow =
    "SELECT COUNT(*), MAX(position), MAX(version) FROM (SELECT position, version FROM events ";
constexpr absl::string_view kWindowEnd = ") AS near";

}  // namespace

FeedScan::FeedScan(mysql::Reader& reader, FeedQuery query, FeedCursor cursor,
                   const std::array<int64_t, kBuckets>& heads)
    : reader_(reader),
      query_(std::move(query)),
      cursor_(std::move(cursor)),
      heads_(heads),
      scope_(cursor_.tenant().has_value() ? kOfTenant : kOfBucket),
      along_(kByPosition),
      bucket_(cursor_.first_bucket()) {
  if (query_.aggregate.has_value() && cursor_.tenant().has_value()) {
    scope_ = kOfAggregate;
    along_ = kByVersion;
  } else if (query_.aggregate.has_value()) {
    absl::StrAppend(&query_.condition.sql, " AND aggregate_id = ?");
    query_.condition.parameters.emplace_back(*query_.aggregate);
  }
  FindBucket();
}

void FeedScan::FindBucket() {
  while (!at_end() && cursor_.After(bucket_) >= heads_[bucket_]) {
    ++bucket_;
    window_end_ = 0;
  }
}

std::vector<mysql::Parameter> FeedScan::RowsUpTo(int64_t end) const {
  std::vector<mysql::Parameter> parameters;
  if (!cursor_.tenant().has_value()) {
    parameters.emplace_back(bucket_);
  } else {
    parameters.emplace_back(*cursor_.tenant());
    if (scope_ == kOfAggregate) {
      parameters.emplace_back(*query_.aggregate);
      parameters.emplace_back(version_.value_or(0));
      parameters.emplace_back(window_version_);
    }
  }
  parameters.emplace_back(cursor_.After(bucket_));
  parameters.emplace_back(end);
  return parameters;
}

absl::Status FeedScan::FindVersion() {
  if (scope_ != kOfAggregate || version_.has_value()) return absl::OkStatus();
  // The cursor stands at an event of this aggregate, unless the reader began with the position of another.
  const std::vector<mysql::Parameter> parameters = {*cursor_.tenant(), cursor_.After(bucket_), *query_.aggregate};
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader_.QueryOne(kSelectVersion, parameters));
  version_ = row.has_value() ? row->Int(0) : 0;
  return absl::OkStatus();
}

absl::Status FeedScan::OpenWindow() {
  if (cursor_.After(bucket_) < window_end_) return absl::OkStatus();
  window_end_ = heads_[bucket_];
  window_version_ = kNoBound;
  if (query_.condition.sql.empty()) return absl::OkStatus();  // Every row is wanted: the step's limit is its window.
  std::vector<mysql::Parameter> parameters = RowsUpTo(window_end_);
  parameters.emplace_back(kScanWindow);
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> window,
                   reader_.QueryOne(absl::StrCat(kSelectWindow, scope_, kPositions, along_, kWindowEnd), parameters));
  if (!window.has_value()) return absl::OkStatus();
  examined_ += window->Int(0);
  if (window->Int(0) == kScanWindow) {
    window_end_ = window->Int(1);
    window_version_ = window->Int(2);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FeedScan::SealAtWindowEnd(const std::vector<FeedEntry>& entries) {
  if (!entries.empty() && entries.back().event.position == window_end_) return entries.back().event.seal;
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader_.QueryOne(kSelectSeal, {bucket_, window_end_}));
  return row.has_value() ? row->Bytes(0) : std::string();
}

absl::StatusOr<std::vector<FeedEntry>> FeedScan::Next(int limit) {
  std::vector<FeedEntry> entries;
  if (at_end()) return entries;
  limit = std::min(limit, kScanBatch);
  RETURN_IF_ERROR(FindVersion());
  RETURN_IF_ERROR(OpenWindow());
  std::vector<mysql::Parameter> parameters = RowsUpTo(window_end_);
  parameters.emplace_back(bucket_);
  parameters.insert(parameters.end(), query_.condition.parameters.begin(), query_.condition.parameters.end());
  parameters.emplace_back(limit);
  const std::string sql = absl::StrCat(query_.with_digest_before ? kSelectWithDigestBefore : kSelect, scope_,
                                       kPositions, kInBucket, query_.condition.sql, along_);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader_.Query(sql, parameters));
  entries.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    entries.push_back({EventOf(row), query_.with_digest_before ? row.Bytes(kEventColumns) : std::string()});
  }
  if (query_.condition.sql.empty()) examined_ += static_cast<int64_t>(rows.size());
  const bool is_full = rows.size() == static_cast<size_t>(limit);
  if (is_full) {
    cursor_.MoveTo(bucket_, entries.back().event.position, entries.back().event.seal);
  } else {
    ASSIGN_OR_RETURN(const std::string seal, SealAtWindowEnd(entries));
    cursor_.MoveTo(bucket_, window_end_, seal);
  }
  if (version_.has_value()) version_ = is_full ? entries.back().event.version : window_version_;
  FindBucket();
  return entries;
}

}  // namespace countersign::events
