// A stream of messages that are made of the log's events: all that WatchEvents and its like have in common.
#ifndef COUNTERSIGN_COMMON_EVENT_API_FEED_STREAM_H_
#define COUNTERSIGN_COMMON_EVENT_API_FEED_STREAM_H_

#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/event_api/event_pump.h"
#include "common/events/lease.h"
#include "common/rpc/call.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace countersign::event_api {

// A revoked key gets no more events than it gets of any other call, within five seconds together with the cache of
// api_key.h; and a watcher that has nothing to hear costs nothing.
inline constexpr absl::Duration kRecheckAfter = absl::Seconds(2);

// At most one write is under way; the pump is asked for more when all is written. While a thread of ours works for the
// stream (it holds it), gRPC does not finish it, so that its context and request are there. Its methods are called from
// gRPC's threads, the pump's and ours, and never block. A subclass says by Take what becomes of events.
template <typename Message>
class FeedStream : public grpc::ServerWriteReactor<Message>, public FeedReader {
 public:
  using Hook = std::function<void(const FeedReader*)>;

  // `forget` is called last, when gRPC is done with the stream, and may destroy it. `recheck`, where there is one,
  // holds the stream, sees whether its caller may still watch, in a thread of ours where that may block, and calls
  // Rechecked: before each message that goes out when the last answer is older than kRecheckAfter. The others must
  // outlive the stream.
  FeedStream(const rpc::Endpoint& endpoint, EventPump& pump, Hook forget, Hook recheck = nullptr)
      : endpoint_(endpoint), pump_(pump), forget_(std::move(forget)), recheck_(std::move(recheck)) {}

  // Decides whether the stream is admitted. Nothing is written or finished before.
  void Admitted(const grpc::Status& refusal, std::optional<rpc::Call> call) {
    {
      absl::MutexLock lock(&mutex_);
      checked_at_ = events::MonotonicNow();
      call_ = std::move(call);
      if (!refusal.ok()) {
        refusal_ = refusal;
        end_ = absl::OkStatus();
      }
    }
    Release();
  }

  // Whether its caller may still watch.
  void Rechecked(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      checked_at_ = events::MonotonicNow();
      if (!status.ok() && !end_.has_value()) end_ = status;
    }
    Release();
  }

  // Ends the stream as soon as the write under way is done and nobody holds it.
  void End(const absl::Status& status) override {
    {
      absl::MutexLock lock(&mutex_);
      if (!end_.has_value()) end_ = status;
    }
    Step();
  }

  void OnWriteDone(bool ok) override {
    bool empty = false;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok && !end_.has_value()) end_ = absl::CancelledError("The watcher has gone.");
      empty = queue_.empty() && !end_.has_value();
    }
    if (empty) pump_.Ready(this);
    Step();
  }
  void OnCancel() override { End(absl::CancelledError("The watcher has gone.")); }
  void OnDone() override {
    pump_.Remove(this);
    forget_(this);
  }

 protected:
  EventPump& pump() { return pump_; }

  bool is_admitted() const {
    absl::MutexLock lock(&mutex_);
    return call_.has_value();
  }
  bool has_ended() const {
    absl::MutexLock lock(&mutex_);
    return end_.has_value();
  }
  // Of an admitted stream.
  rpc::Call call() const {
    absl::MutexLock lock(&mutex_);
    return *call_;
  }

  // Nothing is written or finished before Release. False: the stream has ended, and is not held.
  bool Hold() {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return false;
    ++holds_;
    return true;
  }
  // The stream may be gone after this.
  void Release() {
    {
      absl::MutexLock lock(&mutex_);
      --holds_;
    }
    Step();
  }

  // These go out next, in this order; nothing does after the end.
  void Write(std::vector<Message> messages) {
    {
      absl::MutexLock lock(&mutex_);
      if (end_.has_value()) return;
      for (Message& message : messages) queue_.push_back(std::move(message));
    }
    Step();
  }

 private:
  enum class Next { kRecheck, kWrite, kFinish };

  // Starts what is to be done next. Called after every change, without the lock.
  void Step() {
    Next next = Next::kFinish;
    grpc::Status status;
    {
      absl::MutexLock lock(&mutex_);
      if (holds_ > 0 || writing_ || finished_ || (queue_.empty() && !end_.has_value())) return;
      if (end_.has_value()) {
        queue_.clear();
        finished_ = true;
        status = refusal_.has_value() ? *refusal_ : endpoint_.EndStream(*call_, *end_);
      } else if (recheck_ != nullptr && events::MonotonicNow() - checked_at_ > kRecheckAfter) {
        next = Next::kRecheck;
        ++holds_;
      } else {
        next = Next::kWrite;
        current_ = std::move(queue_.front());
        queue_.pop_front();
        writing_ = true;
      }
    }
    // Without the lock. One thread only gets here at a time: the next one after Release or OnWriteDone, and none after
    // Finish.
    switch (next) {
      case Next::kRecheck:
        return recheck_(this);
      case Next::kWrite:
        return this->StartWrite(&current_);
      case Next::kFinish:
        return this->Finish(status);  // The stream may be gone after this.
    }
  }

  const rpc::Endpoint& endpoint_;
  EventPump& pump_;
  const Hook forget_;
  const Hook recheck_;

  mutable absl::Mutex mutex_;
  std::deque<Message> queue_ ABSL_GUARDED_BY(mutex_);
  Message current_;                        // Under gRPC's pen while writing_.
  int holds_ ABSL_GUARDED_BY(mutex_) = 1;  // Whoever admits it has the first.
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration checked_at_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> refusal_ ABSL_GUARDED_BY(mutex_);
  std::optional<rpc::Call> call_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_FEED_STREAM_H_
