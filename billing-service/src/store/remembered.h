// A small table, read as a whole and remembered for a moment.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REMEMBERED_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REMEMBERED_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

inline constexpr absl::Duration kRemembered = absl::Seconds(5);

// Thread-safe.
template <typename Item>
class Remembered {
 public:
  using Items = std::shared_ptr<const std::vector<Item>>;

  // The items of `read_all`, as they were at most kRemembered ago. Whoever comes meanwhile waits for the one read.
  // Errors: those of `read_all`.
  absl::StatusOr<Items> Get(absl::FunctionRef<absl::StatusOr<std::vector<Item>>()> read_all) {
    absl::MutexLock lock(&mutex_);
    if (absl::Now() - read_time_ > kRemembered) {
      ASSIGN_OR_RETURN(std::vector<Item> items, read_all());
      items_ = std::make_shared<const std::vector<Item>>(std::move(items));
      read_time_ = absl::Now();
    }
    return items_;
  }

  // The next Get reads again.
  void Forget() {
    absl::MutexLock lock(&mutex_);
    read_time_ = absl::InfinitePast();
  }

 private:
  absl::Mutex mutex_;
  Items items_ ABSL_GUARDED_BY(mutex_);
  absl::Time read_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REMEMBERED_H_
