// A small table, read as a whole and remembered for a moment.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REMEMBERED_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REMEMBERED_H_

#include <cstdint>
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

  // The items of `read_all`, as they were at most kRemembered ago. Errors: those of `read_all`. Whoever comes while
  // nothing fresh is remembered reads for itself: nobody waits for another's session.
  absl::StatusOr<Items> Get(absl::FunctionRef<absl::StatusOr<std::vector<Item>>()> read_all) {
    int64_t forgotten = 0;
    {
      absl::MutexLock lock(&mutex_);
      if (absl::Now() - read_time_ <= kRemembered) return items_;
      forgotten = forgotten_;
    }
    const absl::Time read_time = absl::Now();
    ASSIGN_OR_RETURN(std::vector<Item> read, read_all());
    Items items = std::make_shared<const std::vector<Item>>(std::move(read));
    absl::MutexLock lock(&mutex_);
    if (forgotten == forgotten_) {
      items_ = items;
      read_time_ = read_time;
    }
    return items;
  }

  // The next Get reads again.
  void Forget() {
    absl::MutexLock lock(&mutex_);
    ++forgotten_;
    read_time_ = absl::InfinitePast();
  }

 private:
  absl::Mutex mutex_;
  Items items_ ABSL_GUARDED_BY(mutex_);
  absl::Time read_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;  // How often. What was read before is not remembered.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_REMEMBERED_H_
