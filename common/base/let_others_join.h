// For whoever is about to do the same thing for many callers in one go.
#ifndef COUNTERSIGN_COMMON_BASE_LET_OTHERS_JOIN_H_
#define COUNTERSIGN_COMMON_BASE_LET_OTHERS_JOIN_H_

#include <sched.h>

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"

namespace countersign {

// Gives way to threads that could run, for as long as that makes the queue longer, but four times at most. On an idle
// machine it returns at once, so that a lone caller waits for nobody; on a busy one the callers who would come a moment
// later come now, and share one round trip. `mutex` is held before and after, not meanwhile; `size` is asked under it.
inline void LetOthersJoin(absl::Mutex& mutex, absl::FunctionRef<size_t()> size) ABSL_NO_THREAD_SAFETY_ANALYSIS {
  constexpr int kMaxTimes = 4;
  for (int i = 0; i < kMaxTimes; ++i) {
    const size_t before = size();
    mutex.Unlock();
    sched_yield();
    mutex.Lock();
    if (size() == before) return;
  }
}

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_LET_OTHERS_JOIN_H_
