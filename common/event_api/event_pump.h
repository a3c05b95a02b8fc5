// Carries the sealed log to everybody who watches it: one thread reads the database for all of them.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_PUMP_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_PUMP_H_

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/events/event_feed.h"
#include "common/events/lease.h"
#include "common/mysql/database.h"

namespace countersign::event_api {

// An event on its way to one reader, with the reader's position after it (events::FeedCursor::ToToken).
struct FeedItem {
  events::Event event;
  std::string position;
};

inline constexpr int kFeedBatch = 100;
inline constexpr size_t kFeedBatchBytes = 256 << 10;

// A watcher of a feed. Called from the pump's thread; must not block.
class FeedReader {
 public:
  virtual ~FeedReader() = default;
  // The next events, at most kFeedBatch and about kFeedBatchBytes, at least one. No more come before EventPump::Ready.
  virtual void Take(std::vector<FeedItem> items) = 0;
  // There is nothing to be had for it: its cursor is beyond the end of the log.
  virtual void End(const absl::Status& status) = 0;
};

// Thread-safe. A reader that is up to date costs nothing until something happens: events that this replica seals are
// heard of at once (Wake), those of others by one query for all readers, once a second, whatever else happens. New
// events are read once and given to everybody; who is behind is read a batch for whenever it is ready, so a slow reader
// holds back nobody.
class EventPump {
 public:
  explicit EventPump(mysql::Database& database);
  ~EventPump() { Stop(); }

  // From here on the reader is given what comes after `cursor`. It begins ready. A cursor beyond the end of the log
  // ends it with FAILED_PRECONDITION POSITION_UNKNOWN.
  void Add(std::shared_ptr<FeedReader> reader, events::FeedCursor cursor);
  // The reader has room again.
  void Ready(const FeedReader* reader);
  // Forgets the reader; a Take under way may still be running.
  void Remove(const FeedReader* reader);

  // The bucket's log has grown by what was sealed; empty: by events that have to be read.
  void Wake(int bucket, const std::vector<events::Event>& sealed);

  // Ends the thread. Idempotent.
  void Stop();

 private:
  struct Watch {
    std::shared_ptr<FeedReader> reader;
    events::FeedCursor cursor;  // The thread's own.
    bool is_known = false;      // That the cursor is in the log; the thread's own.
    bool ready = true;          // Under the pump's mutex.
  };
  // Items to hand to one reader.
  struct Batch {
    std::vector<FeedItem> items;
    size_t bytes = 0;

    bool is_full() const { return items.size() >= kFeedBatch || bytes >= kFeedBatchBytes; }
  };
  // The newest events of a bucket: all those in (from, to].
  struct Tail {
    int64_t from = 0;
    int64_t to = 0;
    std::deque<events::Event> events;
  };

  void Run();
  // Blocks until there is work; false when stopped.
  bool AwaitWork();
  absl::Status DoWork();
  absl::Status LookAtHeads();
  // Makes the tail longer by what was sealed, or by what the log has where that does not follow on the tail.
  absl::Status GrowTail(int bucket, std::vector<events::Event> sealed);
  void Append(int bucket, std::vector<events::Event> events);
  // Gives the watch what there is for it; `more` when there is still more.
  absl::Status Serve(Watch& watch, bool& more);
  bool IsBehind(const events::FeedCursor& cursor) const;
  absl::Status Collect(events::FeedCursor& cursor, int bucket, Batch& batch);
  void CountInterest(const events::FeedCursor& cursor, int sign) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mysql::Database& database_;
  std::array<Tail, events::kBuckets> tails_;           // The thread's own.
  absl::Duration next_look_ = events::MonotonicNow();  // At the heads; the thread's own.

  absl::Mutex mutex_;
  std::map<const FeedReader*, std::shared_ptr<Watch>> watches_ ABSL_GUARDED_BY(mutex_);
  std::array<int, events::kBuckets> interest_ ABSL_GUARDED_BY(mutex_){};  // How many watches read the bucket.
  std::array<bool, events::kBuckets> grown_ ABSL_GUARDED_BY(mutex_){};
  std::array<std::vector<events::Event>, events::kBuckets> sealed_ ABSL_GUARDED_BY(mutex_);  // Since the last look.
  bool look_at_heads_ ABSL_GUARDED_BY(mutex_) = false;
  bool work_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_PUMP_H_
