// The sealed log as its readers outside see it: all of it, or one tenant's events, from a position on.
#ifndef COUNTERSIGN_COMMON_EVENTS_EVENT_FEED_H_
#define COUNTERSIGN_COMMON_EVENTS_EVENT_FEED_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/connection.h"

namespace countersign::events {

// How far a reader has come: the position of the last event it was given, in the tenant's bucket or in every bucket.
class FeedCursor {
 public:
  // At the very beginning. `tenant`: whose events; none = everybody's.
  explicit FeedCursor(std::optional<Uuid> tenant);

  // As text that only means something here, good for ever and on every replica: it holds no secret and gives no right.
  std::string ToToken() const;
  // Error: INVALID_ARGUMENT for what ToToken did not make for the same tenant.
  static absl::StatusOr<FeedCursor> FromToken(std::optional<Uuid> tenant, absl::string_view token);

  const std::optional<Uuid>& tenant() const { return tenant_; }
  // The buckets that it reads, in order: [first_bucket, end_bucket).
  int first_bucket() const { return tenant_.has_value() ? BucketOf(*tenant_) : 0; }
  int end_bucket() const { return tenant_.has_value() ? BucketOf(*tenant_) + 1 : kBuckets; }

  int64_t After(int bucket) const { return positions_[bucket - first_bucket()]; }
  void MoveTo(int bucket, int64_t position) { positions_[bucket - first_bucket()] = position; }

 private:
  std::optional<Uuid> tenant_;
  std::vector<int64_t> positions_;  // One, or one per bucket.
};

// The position of the last sealed event of each bucket, 0 where there is none.
absl::StatusOr<std::array<int64_t, kBuckets>> ReadHeadPositions(mysql::Reader& reader);

// Error: FAILED_PRECONDITION POSITION_UNKNOWN when the cursor is beyond these heads, which were read after it was
// known: no event ever had its position, or the log was put back to an older state.
absl::Status CheckKnown(const FeedCursor& cursor, const std::array<int64_t, kBuckets>& heads);

// About what an event takes in a message.
size_t BytesOf(const Event& event);

// The next sealed events of one bucket of the cursor, at most `limit`, in order of position. For a part of them, and
// for pages: feed_scan.h.
absl::StatusOr<std::vector<Event>> ReadFeed(mysql::Reader& reader, const FeedCursor& cursor, int bucket, int limit);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_EVENT_FEED_H_
