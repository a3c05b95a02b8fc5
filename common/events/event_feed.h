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

  // As text that only means something here, good on every replica and as long as the key that it was sealed with is in
  // the ring (log_keys.h): it tells its reader nothing of the log, gives no right, and is of no use to another reader.
  std::string ToToken() const;
  // Error: INVALID_ARGUMENT for what ToToken did not make for the same tenant.
  static absl::StatusOr<FeedCursor> FromToken(std::optional<Uuid> tenant, absl::string_view token);

  const std::optional<Uuid>& tenant() const { return tenant_; }
  // The buckets that it reads, in order: [first_bucket, end_bucket).
  int first_bucket() const { return tenant_.has_value() ? BucketOf(*tenant_) : 0; }
  int end_bucket() const { return tenant_.has_value() ? BucketOf(*tenant_) + 1 : kBuckets; }

  int64_t After(int bucket) const { return positions_[bucket - first_bucket()]; }
  // `seal`: that of the position, where it is known; CheckKnown then finds out whether it is still there.
  void MoveTo(int bucket, int64_t position, absl::string_view seal = "");

  // A reader's position in a bucket, with the beginning of the seal there; empty if unknown.
  struct Mark {
    int bucket = 0;
    int64_t position = 0;
    std::string seal;
  };
  std::vector<Mark> SealedMarks() const;

 private:
  static constexpr size_t kSealBytes = 6;  // Of 32: one log in 2^48 would be taken for another.

  std::optional<Uuid> tenant_;
  std::vector<int64_t> positions_;  // One, or one per bucket.
  std::vector<std::string> seals_;  // The first bytes of the seal at each.
};

// The position of the last sealed event of each bucket, 0 where there is none.
absl::StatusOr<std::array<int64_t, kBuckets>> ReadHeadPositions(mysql::Reader& reader);

// Errors: FAILED_PRECONDITION POSITION_UNKNOWN when the cursor is beyond these heads, which were read after it was
// known, or when another event than then has its position: no event ever had it, or the log was put back to an older
// state and has grown again. Costs a statement where the cursor is not at the beginning. Those of `reader`.
absl::Status CheckKnown(mysql::Reader& reader, const FeedCursor& cursor, const std::array<int64_t, kBuckets>& heads);

// About what an event takes in a message.
size_t BytesOf(const Event& event);

// The next sealed events of one bucket of the cursor, at most `limit`, in order of position. For a part of them, and
// for pages: feed_scan.h.
absl::StatusOr<std::vector<Event>> ReadFeed(mysql::Reader& reader, const FeedCursor& cursor, int bucket, int limit);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_EVENT_FEED_H_
