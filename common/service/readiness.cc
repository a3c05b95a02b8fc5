#include "common/service/readiness.h"

#include "common/base/metrics.h"

namespace countersign::service {

Readiness& Readiness::OfProcess() {
  static auto* const readiness = new Readiness;
  return *readiness;
}

void Readiness::Set(const absl::Status& status) {
  static metrics::Gauge& ready = metrics::MakeGauge("countersign_ready", "1: the service serves; 0: it does not.");
  ready.Set(status.ok() ? 1 : 0);
  absl::MutexLock lock(&mutex_);
  status_ = status;
}

absl::Status Readiness::Get() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

}  // namespace countersign::service
