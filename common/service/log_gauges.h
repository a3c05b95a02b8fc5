// Measures the log's sealing and delivery, and the figures of a service's own, from time to time, as gauges.
#ifndef COUNTERSIGN_COMMON_SERVICE_LOG_GAUGES_H_
#define COUNTERSIGN_COMMON_SERVICE_LOG_GAUGES_H_

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/mysql/database.h"

namespace countersign::service {

inline constexpr absl::Duration kLogGaugeInterval = absl::Seconds(10);
inline constexpr int kFiguresEvery = 6;  // Figures may cost more than the log: once a minute.

using ReadFigures = std::function<absl::StatusOr<std::vector<metrics::Figure>>(absl::Time deadline)>;

// In a thread of its own, from construction to destruction. Every replica measures the whole log, so take the maximum
// over replicas, never the sum. While the database does not answer, the gauges keep their values, and
// countersign_log_measured_timestamp_seconds and countersign_figures_measured_timestamp_seconds stand still.
class LogGauges {
 public:
  // `database`, `clock` and what `figures` uses must outlive this; `clock` is the one that events are stamped by.
  // `figures` may be empty.
  LogGauges(mysql::Database& database, const Clock& clock, ReadFigures figures = nullptr,
            absl::Duration interval = kLogGaugeInterval);
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
  void MeasureLog();
  void MeasureFigures();

  mysql::Database& database_;
  const Clock& clock_;
  const ReadFigures figures_;
  std::map<std::string, OfConsumer> consumers_;  // Of the thread alone.
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_LOG_GAUGES_H_
