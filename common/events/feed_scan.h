// Reads a feed in steps of bounded cost, however long the log is and however little of it is wanted.
#ifndef COUNTERSIGN_COMMON_EVENTS_FEED_SCAN_H_
#define COUNTERSIGN_COMMON_EVENTS_FEED_SCAN_H_

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/event_feed.h"
#include "common/mysql/condition.h"
#include "common/mysql/connection.h"

namespace countersign::events {

inline constexpr int kScanBatch = 100;    // The most entries of a step: with payloads of 16 KiB they take 1.6 MiB.
inline constexpr int kScanWindow = 1000;  // The most rows that a step examines to find them.

// Selects events of a feed.
struct FeedQuery {
  std::optional<Uuid> aggregate = {};  // Only the events of this one.
  mysql::Condition condition = {};     // Only those that fulfil it.
  bool with_digest_before = false;
};

struct FeedEntry {
  Event event;
  std::string digest_before = {};  // The resource's digest of the version before, if asked for; empty: there is none.
};

// From a cursor up to where the log ended when the scan began: bucket by bucket, each in order of position.
class FeedScan {
 public:
  // `heads` are those of ReadHeadPositions, read after the cursor was known. `reader` outlives the scan.
  FeedScan(mysql::Reader& reader, FeedQuery query, FeedCursor cursor, const std::array<int64_t, kBuckets>& heads);

  // The next entries, at most `limit` and kScanBatch. There may be none, though more follow: see at_end.
  absl::StatusOr<std::vector<FeedEntry>> Next(int limit);

  bool at_end() const { return bucket_ == cursor_.end_bucket(); }

  // How many rows all steps together have examined, or will have when the last of them is used up.
  int64_t examined() const { return examined_; }

  // After everything that the steps gave or passed over.
  const FeedCursor& cursor() const { return cursor_; }

 private:
  // Goes on to the next bucket while this one is at its end.
  void FindBucket();
  // Sees to it that there are rows in the window: those after the cursor, up to window_end_.
  absl::Status OpenWindow();
  absl::StatusOr<std::string> SealAtWindowEnd(const std::vector<FeedEntry>& entries);
  // In the events of one aggregate: finds the version that the cursor stands at, unless it is known.
  absl::Status FindVersion();
  // The parameters of scope_ and kPositions: the rows after the cursor, up to position `end`.
  std::vector<mysql::Parameter> RowsUpTo(int64_t end) const;

  static constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();

  mysql::Reader& reader_;
  FeedQuery query_;
  FeedCursor cursor_;
  const std::array<int64_t, kBuckets> heads_;
  absl::string_view scope_;  // The index to read along, as a WHERE and as an ORDER BY.
  absl::string_view along_;
  int bucket_;
  int64_t window_end_ = 0;
  // Of one aggregate's events, which are read by version: the last before the cursor, and the last of the window.
  std::optional<int64_t> version_;
  int64_t window_version_ = kNoBound;
  int64_t examined_ = 0;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_FEED_SCAN_H_
