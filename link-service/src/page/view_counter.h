// Counts views, and records those of people, without holding up the page: the customer is answered first, and what is
// written is written within a second.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_VIEW_COUNTER_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_VIEW_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {

// Thread-safe. Views that a crash or a database outage loses are not counted: nothing depends on them.
class ViewCounter {
 public:
  static constexpr size_t kMaxWaiting = 10'000;  // Links with unwritten views; those of further links are not counted.

  // Both must outlive the counter.
  ViewCounter(const LinkStore& links, events::Committer& committer) : links_(links), committer_(committer) {}
  ~ViewCounter() { Stop(); }

  // `link_id` was opened at `now` (business time), by a person or by a program. Does not wait.
  void Count(const Uuid& link_id, absl::Time now, bool by_person);

  // The change that records the view `view_id`, once: what this process has recorded before is not tried again. Does
  // not wait.
  void Record(const Uuid& view_id, events::Change change);

  // Writes everything that was recorded and counted, 64 links a statement, until `deadline`.
  void Flush(absl::Time deadline);

  // Flushes every second in a thread of its own, from Start to Stop, and once more at the end.
  void Start();
  void Stop();

 private:
  void Run();
  void FlushRecords(absl::Time deadline);

  const LinkStore& links_;
  events::Committer& committer_;
  absl::Mutex mutex_;
  absl::flat_hash_map<Uuid, LinkViews> waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<events::Change> records_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<Uuid> known_ ABSL_GUARDED_BY(mutex_);  // Views that were recorded, as long as they are few.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_VIEW_COUNTER_H_
