#include "common/base/metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"

namespace countersign::metrics {
namespace {

prometheus::Registry& Registry() {
  static auto* const registry = new prometheus::Registry;  // Threads may count until the very end.
  return *registry;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// The count of what is in one of this process's folders under /proc.
int64_t CountIn(const char* folder) {
  std::error_code error;
  int64_t count = 0;
  for (auto entry = std::filesystem::directory_iterator(folder, error); !error && entry != end(entry);
       entry.increment(error)) {
    ++count;
  }
  return count;
}

// The usual names, which every dashboard knows.
void MeasureProcess() {
  static Gauge& resident = MakeGauge("process_resident_memory_bytes", "Resident memory.");
  static Gauge& mapped = MakeGauge("process_virtual_memory_bytes", "Virtual memory.");
  static Gauge& threads = MakeGauge("process_threads", "Threads.");
  static Gauge& files = MakeGauge("process_open_fds", "Open files and connections.");
  static Gauge& max_files = MakeGauge("process_max_fds", "The limit of open files and connections.");
  static Gauge& cpu = MakeGauge("process_cpu_seconds_total", "Time on the processor, user and system.");
  int64_t mapped_pages = 0;
  int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> mapped_pages >> resident_pages;
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  mapped.Set(static_cast<double>(mapped_pages) * page);
  resident.Set(static_cast<double>(resident_pages) * page);
  threads.Set(static_cast<double>(CountIn("/proc/self/task")));
  files.Set(static_cast<double>(CountIn("/proc/self/fd")));
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) max_files.Set(static_cast<double>(limit.rlim_cur));
  rusage usage = {};
  if (getrusage(RUSAGE_SELF, &usage) == 0) cpu.Set(Seconds(usage.ru_utime) + Seconds(usage.ru_stime));
}

}  // namespace

Counter& MakeCounter(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(Registry()).Add(labels);
}

Gauge& MakeGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(Registry()).Add(labels);
}

Histogram& MakeHistogram(const std::string& name, const std::string& help, const std::vector<double>& upper_bounds,
                         const Labels& labels) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(Registry()).Add(labels, upper_bounds);
}

const std::vector<double>& SecondsBuckets() {
  static const auto* const buckets =
      new std::vector<double>{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return *buckets;
}

CounterByLabel::CounterByLabel(std::string name, std::string help, std::string label)
    : name_(std::move(name)), help_(std::move(help)), label_(std::move(label)) {}

void CounterByLabel::Increment(absl::string_view value) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = counters_.find(value);
    if (found != counters_.end()) {
      found->second->Increment();
      return;
    }
  }
  Counter& counter = MakeCounter(name_, help_, {{label_, std::string(value)}});
  counter.Increment();
  absl::MutexLock lock(&mutex_);
  counters_.emplace(std::string(value), &counter);
}

std::string Text() {
  MeasureProcess();
  return prometheus::TextSerializer().Serialize(Registry().Collect());
}

}  // namespace countersign::metrics
