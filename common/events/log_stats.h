// How far the log's sealing and delivery have come, for whoever watches the service.
#ifndef COUNTERSIGN_COMMON_EVENTS_LOG_STATS_H_
#define COUNTERSIGN_COMMON_EVENTS_LOG_STATS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"

namespace countersign::events {

struct ConsumerStats {
  // create_time of the oldest event behind which the stored cursor stands, by the business clock; InfiniteFuture: none.
  // A stored cursor may lag behind what is delivered by RelayOptions::cursor_lag.
  absl::Time oldest_undelivered = absl::InfiniteFuture();
  int64_t parked = 0;   // Aggregates that wait for an operator.
  int64_t waiting = 0;  // Aggregates that are tried again after a pause.
};

struct LogStats {
  int64_t unsealed = 0;  // Events without a position yet.
  std::map<std::string, ConsumerStats> consumers;
};

// Of all buckets, whoever holds them: every replica reads the same. Three statements along keys.
absl::StatusOr<LogStats> ReadLogStats(mysql::Reader& reader);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LOG_STATS_H_
