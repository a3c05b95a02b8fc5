#include "common/events/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/monotonic.h"

namespace countersign::events {
namespace {

constexpr int kWorkers = 8;

// Threads that take whatever there is until the queue is stopped. A thread reads the clock each time it looks at the
// queue.
class WorkQueueTest : public ::testing::Test {
 protected:
  WorkQueueTest() {
    for (int i = 0; i < kWorkers; ++i) {
      workers_.emplace_back([this] {
        while (const std::optional<int> bucket = queue_.Take()) {
          {
            absl::MutexLock lock(&mutex_);
            taken_.insert(*bucket);
          }
          queue_.Done(*bucket);
        }
      });
    }
    AwaitLooks(kWorkers);  // Of each, when it came.
  }
  ~WorkQueueTest() override {
    queue_.Stop();
    for (std::thread& worker : workers_) worker.join();
  }

  void AwaitLooks(int count) {
    while (looks_ < count) std::this_thread::yield();
  }

  void AwaitTaken(const std::multiset<int>& buckets) {
    absl::MutexLock lock(&mutex_);
    const auto all = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return taken_ == buckets; };
    ASSERT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&all), absl::Seconds(60)));
  }

  std::atomic<int> looks_ = 0;
  WorkQueue queue_{[this] {
    ++looks_;
    return MonotonicNow();
  }};
  absl::Mutex mutex_;
  std::multiset<int> taken_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> workers_;
};

TEST_F(WorkQueueTest, EveryBucketThatIsWokenIsTaken) {
  std::multiset<int> all;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    queue_.Wake(bucket);
    all.insert(bucket);
  }
  AwaitTaken(all);
}

TEST_F(WorkQueueTest, ThePauseThatEndsFirstIsWaitedForAlsoWhenItComesLast) {
  queue_.WakeAfter(1, absl::Hours(1));
  queue_.WakeAfter(2, absl::Milliseconds(1));
  AwaitTaken({2});
  queue_.WakeAfter(3, absl::Milliseconds(1));
  AwaitTaken({2, 3});
}

TEST_F(WorkQueueTest, PausesThatEndTogetherAreAllTaken) {
  std::multiset<int> all;
  for (int bucket = 0; bucket < 3 * kWorkers; ++bucket) {
    queue_.WakeAfter(bucket, absl::Milliseconds(1));
    all.insert(bucket);
  }
  AwaitTaken(all);
}

// It was all of them: each pause cost a service as many switches of threads as it has threads.
TEST_F(WorkQueueTest, TheEndOfAPauseWakesOneThread) {
  constexpr int kPauses = 20;
  std::multiset<int> all;
  for (int bucket = 0; bucket < kPauses; ++bucket) {
    queue_.WakeAfter(bucket, absl::Milliseconds(1));
    all.insert(bucket);
    AwaitTaken(all);
  }
  // A pause is set, one thread begins to wait for it, it ends, and the thread comes back.
  EXPECT_LE(looks_, kWorkers + kPauses * 4);
}

TEST(WorkQueueOfOneThreadTest, ItHasBothWhatIsWokenAndWhatIsDue) {
  WorkQueue queue;
  queue.WakeAfter(1, absl::Milliseconds(1));
  queue.Wake(2);
  std::set<int> taken;
  while (taken.size() < 2) {
    const std::optional<int> bucket = queue.Take();
    ASSERT_TRUE(bucket.has_value());
    taken.insert(*bucket);
    queue.Done(*bucket);
  }
  EXPECT_EQ(taken, (std::set<int>{1, 2}));
}

}  // namespace
}  // namespace countersign::events
