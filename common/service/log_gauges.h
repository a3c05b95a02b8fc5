// Measures the log's sealing and delivery from time to time, as gauges.
#ifndef COUNTERSIGN_COMMON_SERVICE_LOG_GAUGES_H_
#define COUNTERSIGN_COMMON_SERVICE_LOG_GAUGES_H_

#include <map>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/mysql/database.h"

namespace countersign::service {

inline constexpr absl::Duration kLogGaugeInterval = absl::Seconds(10);

// In a thread of its own, from construction to destruction. Every replica measures the whole log, so take the maximum
// over replicas, never the sum. While the database does not answer, the gauges keep their values and
// countersign_log_measured_timestamp_seconds stands still.
class LogGauges {
 public:
  // `database` and `clock` must outlive this; `clock` is the one that events are stamped by.
  LogGauges(mysql::Database& database, const Clock& clock, absl::Duration interval = kLogGaugeInterval);
  ~LogGauges();
  LogGauges(const LogGauges&) = delete;
  LogGauges& operator=(const LogGauges&) = delete;

 private:
  struct OfConsumer {
    explicit OfConsumer(const std::string& consumer);
    metrics::Gauge& oldest_seconds;
    metrics::Gauge& parked;
    metrics::Gauge& waiting;
  };

  void Run(absl::Duration interval);
  void Measure();

  mysql::Database& database_;
  const Clock& clock_;
  std::map<std::string, OfConsumer> consumers_;  // Of the thread alone.
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_LOG_GAUGES_H_
