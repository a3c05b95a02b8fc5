// countersign.event.v1.EventService: a service's own log, to be listed and watched. Every service serves it.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_SERVICE_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_SERVICE_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/event_api/event_pump.h"
#include "common/event_api/event_watcher.h"
#include "common/events/log_tail.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "countersign/event/v1/event_service.grpc.pb.h"

namespace countersign::event_api {

inline constexpr size_t kMaxWatchers = 10'000;
inline constexpr int kMaxWatchersOfCaller = 100;

// Thread-safe. A watcher costs memory and no thread: all are fed by one thread. Those that show an API key, which a
// peer may have to verify, are admitted by two threads, so that they hold back nobody but each other.
class EventService final
    : public event::v1::EventService::WithCallbackMethod_WatchEvents<event::v1::EventService::Service> {
 public:
  // Both must outlive this object, which must outlive the server.
  EventService(const rpc::Endpoint& endpoint, mysql::Database& database);
  ~EventService() override { Stop(); }

  grpc::Status ListEvents(grpc::ServerContext* context, const event::v1::ListEventsRequest* request,
                          event::v1::ListEventsResponse* reply) override;
  grpc::ServerWriteReactor<event::v1::Event>* WatchEvents(grpc::CallbackServerContext* context,
                                                          const event::v1::WatchEventsRequest* request) override;

  // For events::RelayOptions::on_sealed: tells watchers at once of the events that this replica seals.
  events::OnSealed Waker();

  // Ends every stream with UNAVAILABLE, and refuses new ones; for a server, which waits for them when it shuts down.
  // Waits for a peer for kStreamKeyTimeout at most.
  void Stop();

  size_t watcher_count() const {
    absl::MutexLock lock(&mutex_);
    return streams_.size();
  }

 private:
  // A stream and what gRPC keeps for it until it is done.
  struct Stream {
    std::shared_ptr<EventWatcher> watcher = nullptr;
    grpc::CallbackServerContext* context = nullptr;
    const event::v1::WatchEventsRequest* request = nullptr;
    bool admitted = false;    // Then it is only asked whether its caller may still watch.
    std::string caller = {};  // Counted in of_caller_; empty before.
  };

  void AdmitUntilStopped();
  // Decides on the stream: here, or in a thread of ours where that may block.
  void Decide(Stream stream);
  void DecideNow(const Stream& stream);
  void Admit(const Stream& stream);
  // Makes the stream one of its caller's, or says why not.
  absl::Status CountIn(const FeedReader* watcher, const std::string& caller);
  void Recheck(const FeedReader* watcher);
  void Forget(const FeedReader* watcher);

  const rpc::Endpoint& endpoint_;
  mysql::Database& database_;
  EventPump pump_;

  mutable absl::Mutex mutex_;
  std::map<const FeedReader*, Stream> streams_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> of_caller_ ABSL_GUARDED_BY(mutex_);  // How many streams.
  std::deque<Stream> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> admitters_;
};

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_SERVICE_H_
