// The process's metrics, on prometheus-cpp. Make a metric once and keep the reference: from then on it costs an atomic
// addition, or a short lock for a histogram. The same name and labels give the same metric.
#ifndef COUNTERSIGN_COMMON_BASE_METRICS_H_
#define COUNTERSIGN_COMMON_BASE_METRICS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/labels.h"

namespace countersign::metrics {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Labels;

// Names are countersign_…, in base units (seconds, bytes); counters end in _total. They live as long as the process.
Counter& MakeCounter(const std::string& name, const std::string& help, const Labels& labels = {});
Gauge& MakeGauge(const std::string& name, const std::string& help, const Labels& labels = {});
Histogram& MakeHistogram(const std::string& name, const std::string& help, const std::vector<double>& upper_bounds,
                         const Labels& labels = {});

// From 0.5 ms to 10 s: for calls, transactions and waits.
const std::vector<double>& SecondsBuckets();

// A counter for each value of one label. Thread-safe. A value that was seen before costs a look-up and no allocation.
// Values must come from a small fixed set: each is kept for ever.
class CounterByLabel {
 public:
  CounterByLabel(std::string name, std::string help, std::string label);
  void Increment(absl::string_view value);

 private:
  const std::string name_;
  const std::string help_;
  const std::string label_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Counter*> counters_ ABSL_GUARDED_BY(mutex_);
};

// A gauge as a service reads it of its own tables from time to time. A reader gives the same names and labels each
// time: one that is left out keeps its last value.
struct Figure {
  std::string name;
  std::string help;
  Labels labels = {};
  double value = 0;
};

// All metrics in Prometheus' text format, with this process's memory, time, threads and files as of now.
std::string Text();

}  // namespace countersign::metrics

#endif  // COUNTERSIGN_COMMON_BASE_METRICS_H_
