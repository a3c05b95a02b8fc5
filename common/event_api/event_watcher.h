// One stream of WatchEvents.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_WATCHER_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_WATCHER_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/event_api/event_pump.h"
#include "common/rpc/call.h"
#include "common/rpc/endpoint.h"
#include "countersign/event/v1/event.pb.h"
#include "countersign/event/v1/event_service.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace countersign::event_api {

// A revoked key gets no more events than it gets of any other call, within five seconds together with the cache of
// api_key.h; and a watcher that has nothing to hear costs nothing.
inline constexpr absl::Duration kRecheckAfter = absl::Seconds(2);

// At most one write is under way and at most kFeedBatch events wait; the pump is asked for more when all are written.
// Its methods are called from gRPC's threads and the pump's and never block.
class EventWatcher final : public grpc::ServerWriteReactor<event::v1::Event>, public FeedReader {
 public:
  using Hook = std::function<void(EventWatcher*)>;

  // `recheck` sees whether the caller may still watch, in a thread of ours where that may block, and calls Rechecked.
  // `forget` is called last, when gRPC is done with the stream, and may destroy the watcher.
  EventWatcher(const rpc::Endpoint& endpoint, EventPump& pump, Hook recheck, Hook forget)
      : endpoint_(endpoint), pump_(pump), recheck_(std::move(recheck)), forget_(std::move(forget)) {}

  // Decides whether the stream is admitted; OK: it is ready for the pump
  // from `cursor` on, if it has not ended meanwhile. Nothing is written or finished before this was called.
  void Admitted(const grpc::Status& refusal, std::optional<rpc::Call> call);

  // Whether its caller may still watch: asked, by `recheck`, before each event that goes out when the last answer is
  // older than kRecheckAfter. Nothing is written or finished before this was called.
  void Rechecked(const absl::Status& status);

  // Ends the stream as soon as the write under way is done.
  void End(const absl::Status& status) override;

  void Take(std::vector<FeedItem> items) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override { End(absl::CancelledError("The watcher has gone.")); }
  void OnDone() override;

 private:
  // Starts what is to be done next: a recheck, a write or the end. Called after every change, without the lock.
  void Step();

  const rpc::Endpoint& endpoint_;
  EventPump& pump_;
  const Hook recheck_;
  const Hook forget_;

  absl::Mutex mutex_;
  std::deque<event::v1::Event> queue_ ABSL_GUARDED_BY(mutex_);
  event::v1::Event current_;                  // Under gRPC's pen while busy_.
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // Not admitted yet, being rechecked, or a write is under way.
  absl::Duration checked_at_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> refusal_ ABSL_GUARDED_BY(mutex_);
  std::optional<rpc::Call> call_ ABSL_GUARDED_BY(mutex_);
};

// The event as callers see it.
event::v1::Event ToProto(const events::Event& event, std::string position);

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_WATCHER_H_
