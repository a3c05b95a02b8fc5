// A few threads that help whoever has several things to do at once.
#ifndef COUNTERSIGN_COMMON_EVENTS_CREW_H_
#define COUNTERSIGN_COMMON_EVENTS_CREW_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace countersign::events {

// Thread-safe.
class Crew {
 public:
  // Threads start with the first Run that needs them.
  explicit Crew(int helpers) : helpers_(helpers) {}
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Runs `act` for every index below `count` and returns when all have run: in this thread and, where there are
  // several, in those of the crew that are free.
  void Run(size_t count, const std::function<void(size_t index)>& act);

 private:
  struct Job {
    const std::function<void(size_t index)>* act;
    size_t count;
    size_t next = 0;
    size_t running = 0;
  };

  void Help();
  // Runs what is left of the job. The mutex is held before and after, not while acting.
  void WorkOn(Job& job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int helpers_;
  absl::Mutex mutex_;
  absl::CondVar wanted_;
  absl::CondVar finished_;
  std::deque<Job*> jobs_ ABSL_GUARDED_BY(mutex_);  // With indices that nobody has begun.
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_CREW_H_
