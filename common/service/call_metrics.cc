#include "common/service/call_metrics.h"

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/metrics.h"

namespace countersign::service {
namespace {

constexpr int kCodes = 17;  // Of gRPC, OK included.

// One method's metrics; the counter of a code appears with its first call.
class MethodMetrics {
 public:
  explicit MethodMetrics(const std::string& method)
      : method_(method),
        seconds_(metrics::MakeHistogram("countersign_rpc_seconds", "How long calls took.", metrics::SecondsBuckets(),
                                        {{"method", method}})) {}

  void Record(absl::StatusCode code, absl::Duration duration) {
    seconds_.Observe(absl::ToDoubleSeconds(duration));
    std::atomic<metrics::Counter*>& slot = calls_[static_cast<size_t>(code) % kCodes];
    metrics::Counter* counter = slot.load(std::memory_order_acquire);
    if (counter == nullptr) {
      counter = &metrics::MakeCounter("countersign_rpc_calls_total", "Calls that were answered.",
                                      {{"method", method_}, {"code", absl::StatusCodeToString(code)}});
      slot.store(counter, std::memory_order_release);
    }
    counter->Increment();
  }

 private:
  const std::string method_;
  metrics::Histogram& seconds_;
  std::array<std::atomic<metrics::Counter*>, kCodes> calls_{};
};

class CallMetrics {
 public:
  void Record(const rpc::CallRecord& record) { Of(record.method).Record(record.code, record.duration); }

 private:
  MethodMetrics& Of(absl::string_view method) {
    {
      absl::ReaderMutexLock lock(&mutex_);
      const auto found = methods_.find(method);
      if (found != methods_.end()) return *found->second;
    }
    absl::MutexLock lock(&mutex_);
    std::unique_ptr<MethodMetrics>& made = methods_[std::string(method)];
    if (made == nullptr) made = std::make_unique<MethodMetrics>(std::string(method));
    return *made;
  }

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<MethodMetrics>> methods_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

rpc::CallObserver MakeCallMetrics() {
  return [all = std::make_shared<CallMetrics>()](const rpc::CallRecord& record) { all->Record(record); };
}

}  // namespace countersign::service
