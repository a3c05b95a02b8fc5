// The cursors of one consumer, which lag behind its deliveries and are stored together.
#ifndef COUNTERSIGN_COMMON_EVENTS_LAGGING_CURSORS_H_
#define COUNTERSIGN_COMMON_EVENTS_LAGGING_CURSORS_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/monotonic.h"
#include "common/mysql/database.h"

namespace countersign::events {

// Thread-safe for different buckets: a bucket's worker owns its Cursor, and notes it here for the others to store.
class LaggingCursors {
 public:
  struct Cursor {
    int64_t epoch = 0;         // Of the lease under which it was read; 0 = not read.
    int64_t position = 0;      // The last event delivered or set aside.
    int64_t stored = 0;        // The same in the database.
    absl::Duration stored_at;  // When `stored` last equalled `position`, or was written.

    int64_t lag() const { return position - stored; }
  };

  LaggingCursors(mysql::Database& database, std::string consumer, MonotonicClock now);

  // Notes the worker's cursor, and tells `cursor` if another worker has stored it since.
  void Note(int bucket, Cursor& cursor);

  // Stores the bucket's cursor and, in the same statement, all others that lag; only its own if some lease has gone.
  // Errors: a lost race if the bucket's lease has gone; those of common/mysql/errors.h.
  absl::Status Store(int bucket, Cursor& cursor);

  // Forgets the bucket: what was written is not known, or no longer ours.
  void Forget(int bucket);

 private:
  struct Noted {
    int64_t epoch = 0;  // 0: there is nothing to store.
    int64_t position = 0;
    int64_t stored = 0;
  };

  mysql::Database& database_;
  const std::string consumer_;
  const MonotonicClock now_;
  absl::Mutex store_mutex_;  // Held while cursors are stored, so that none of them goes back.
  absl::Mutex noted_mutex_ ABSL_ACQUIRED_AFTER(store_mutex_);
  std::array<Noted, kBuckets> noted_ ABSL_GUARDED_BY(noted_mutex_);
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LAGGING_CURSORS_H_
