#include "common/service/log_gauges.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/events/log_stats.h"

namespace countersign::service {
namespace {

constexpr absl::Duration kLogGaugeTimeout = absl::Seconds(5);

metrics::Gauge& Held(const std::string& consumer, const char* state) {
  return metrics::MakeGauge(
      "countersign_deliveries_held",
      "Aggregates whose delivery waits: parked ones for an operator, the others for a pause to end.",
      {{"consumer", consumer}, {"state", state}});
}

}  // namespace

LogGauges::OfConsumer::OfConsumer(const std::string& consumer)
    : oldest_seconds(metrics::MakeGauge("countersign_delivery_oldest_seconds",
                                        "Age of the oldest event that the consumer was not given yet; 0: none.",
                                        {{"consumer", consumer}})),
      parked(Held(consumer, "parked")),
      waiting(Held(consumer, "waiting")) {}

LogGauges::LogGauges(mysql::Database& database, const Clock& clock, ReadFigures figures, absl::Duration interval)
    : database_(database), clock_(clock), figures_(std::move(figures)), thread_([this, interval] { Run(interval); }) {}

LogGauges::~LogGauges() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  thread_.join();
}

void LogGauges::Run(absl::Duration interval) {
  for (int turn = 0;; ++turn) {
    MeasureLog();
    if (figures_ && turn % kFiguresEvery == 0) MeasureFigures();
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopped_), interval)) return;
  }
}

void LogGauges::MeasureFigures() {
  const auto now = [] { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); };
  static metrics::Gauge& measured = [&]() -> metrics::Gauge& {
    metrics::Gauge& gauge = metrics::MakeGauge("countersign_figures_measured_timestamp_seconds",
                                               "When the service's own figures were last measured.");
    gauge.Set(now());  // One that never succeeds is noticed as well.
    return gauge;
  }();
  const absl::StatusOr<std::vector<metrics::Figure>> figures = figures_(absl::Now() + kLogGaugeTimeout);
  if (!figures.ok()) {
    return LogSparingly(Level::kWarning, "figures not measured", {{"error", std::string(figures.status().message())}});
  }
  for (const metrics::Figure& figure : *figures) {
    metrics::MakeGauge(figure.name, figure.help, figure.labels).Set(figure.value);
  }
  measured.Set(now());
}

void LogGauges::MeasureLog() {
  static metrics::Gauge& unsealed =
      metrics::MakeGauge("countersign_log_unsealed_events", "Committed events that have no place in the log yet.");
  static metrics::Gauge& measured =
      metrics::MakeGauge("countersign_log_measured_timestamp_seconds", "When the log was last measured.");
  events::LogStats stats;
  const absl::Status status =
      database_.Read(absl::Now() + kLogGaugeTimeout, [&](mysql::Reader& reader) -> absl::Status {
        ASSIGN_OR_RETURN(stats, events::ReadLogStats(reader));
        return absl::OkStatus();
      });
  if (!status.ok()) return;
  unsealed.Set(static_cast<double>(stats.unsealed));
  measured.Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  for (const auto& [name, consumer] : stats.consumers) {
    OfConsumer& gauges = consumers_.try_emplace(name, name).first->second;
    const absl::Duration age = std::max(absl::ZeroDuration(), clock_.Now() - consumer.oldest_undelivered);
    gauges.oldest_seconds.Set(absl::ToDoubleSeconds(age));
    gauges.parked.Set(static_cast<double>(consumer.parked));
    gauges.waiting.Set(static_cast<double>(consumer.waiting));
  }
}

}  // namespace countersign::service
