// Seals the buckets that this replica holds, and puts what it sealed into the tail for the deliveries.
#ifndef COUNTERSIGN_COMMON_EVENTS_SEALER_H_
#define COUNTERSIGN_COMMON_EVENTS_SEALER_H_

#include <array>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "common/events/event_log.h"
#include "common/events/lease.h"
#include "common/events/log_tail.h"
#include "common/events/work_queue.h"
#include "common/mysql/database.h"

namespace countersign::events {

// Thread-safe for different buckets; the queue sees to it that one thread at a time works on a bucket.
class Sealer {
 public:
  // `on_sealed` is called with a bucket whose log has grown, or has just come under this replica's lease.
  Sealer(mysql::Database& database, const Leases& leases, LogTail& tail, std::function<void(int bucket)> on_sealed);

  // Seals all that is unsealed in the bucket, if it is held. Where that fails the turn `waits`, and the next one finds
  // out what was sealed.
  Turn Work(int bucket);

 private:
  struct Bucket {
    int64_t epoch = 0;  // Under which `head` was read; 0 = not read.
    LogHead head;
  };

  absl::Status ReadHeadOf(int bucket, int64_t epoch);
  Turn Fail(int bucket, const absl::Status& status);

  mysql::Database& database_;
  const Leases& leases_;
  LogTail& tail_;
  const std::function<void(int bucket)> on_sealed_;
  std::array<Bucket, kBuckets> buckets_;  // Each touched only by the thread that works on it.
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_SEALER_H_
