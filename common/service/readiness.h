// Whether this process serves, and if not, why: for probes and for whoever asks them.
#ifndef COUNTERSIGN_COMMON_SERVICE_READINESS_H_
#define COUNTERSIGN_COMMON_SERVICE_READINESS_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace countersign::service {

// Thread-safe.
class Readiness {
 public:
  // The process's own.
  static Readiness& OfProcess();

  // OK: it serves. Anything else says why it does not.
  void Set(const absl::Status& status);
  absl::Status Get() const;

 private:
  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("The process is starting.");
};

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_READINESS_H_
