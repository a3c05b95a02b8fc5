#include "common/event_api/event_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/event_api/event_page.h"
#include "common/event_api/event_parent.h"
#include "common/events/event_feed.h"
#include "common/rpc/status.h"

namespace countersign::event_api {
namespace {

namespace v1 = event::v1;

rpc::MethodSpec EventMethod(absl::string_view name) { return {v1::EventService::service_full_name(), name}; }

constexpr int kAdmitters = 2;

absl::StatusOr<EventPageQuery> ParseListEvents(const rpc::Call& call, const v1::ListEventsRequest& request) {
  return ParseEventPage(call, request, request.position());
}

absl::StatusOr<events::FeedCursor> ParseWatchEvents(const rpc::Call& call, const v1::WatchEventsRequest& request) {
  FieldViolations violations;
  const std::optional<Uuid> tenant = RequireEventParent(violations, request.parent());
  events::FeedCursor cursor = RequireEventPosition(violations, tenant, request.position());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckEventParent(call, request.parent()));
  return cursor;
}

absl::Status Stopping() {
  return Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
               "The server stops. Watch again from the position of the last event.");
}

}  // namespace

EventService::EventService(const rpc::Endpoint& endpoint, mysql::Database& database)
    : endpoint_(endpoint), database_(database), pump_(database) {
  for (int i = 0; i < kAdmitters; ++i) admitters_.emplace_back([this] { AdmitUntilStopped(); });
}

events::OnSealed EventService::Waker() {
  return [this](int bucket, const std::vector<events::Event>& sealed) { pump_.Wake(bucket, sealed); };
}

grpc::Status EventService::ListEvents(grpc::ServerContext* context, const v1::ListEventsRequest* request,
                                      v1::ListEventsResponse* reply) {
  const auto list = [this](const rpc::Call& call,
                           const EventPageQuery& query) -> absl::StatusOr<v1::ListEventsResponse> {
    v1::ListEventsResponse page;
    const auto add = [&page](const events::FeedEntry& entry, const events::FeedCursor& position) {
      *page.add_events() = ToProto(entry.event, position.ToToken());
      return page.events().rbegin()->ByteSizeLong();
    };
    ASSIGN_OR_RETURN(*page.mutable_next_page_token(), ReadEventPage(database_, call, query, add));
    return page;
  };
  return endpoint_.Read(EventMethod("ListEvents"), context, *request, reply, ParseListEvents, list);
}

grpc::ServerWriteReactor<v1::Event>* EventService::WatchEvents(grpc::CallbackServerContext* context,
                                                               const v1::WatchEventsRequest* request) {
  const auto watcher = std::make_shared<EventWatcher>(
      endpoint_, pump_, [this](const FeedReader* gone) { Forget(gone); },
      [this](const FeedReader* stale) { Recheck(stale); });
  Stream stream = {watcher, context, request, /*admitted=*/false};
  {
    absl::MutexLock lock(&mutex_);
    Stream& kept = streams_[watcher.get()];
    kept = stream;
    kept.admitted = true;  // When it is asked for the next time.
  }
  Decide(std::move(stream));
  return watcher.get();
}

void EventService::Recheck(const FeedReader* watcher) {
  Stream stream;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = streams_.find(watcher);
    if (found == streams_.end()) return;
    stream = found->second;
  }
  Decide(std::move(stream));
}

void EventService::Decide(Stream stream) {
  if (rpc::Endpoint::MayBlock(*stream.context)) {
    absl::MutexLock lock(&mutex_);
    if (!stopped_) return waiting_.push_back(std::move(stream));
  }
  DecideNow(stream);
}

void EventService::AdmitUntilStopped() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopped_ || !waiting_.empty(); };
  while (true) {
    Stream stream;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (waiting_.empty()) return;  // Stopped, and nobody is left waiting.
      stream = std::move(waiting_.front());
      waiting_.pop_front();
    }
    DecideNow(stream);
  }
}

void EventService::DecideNow(const Stream& stream) {
  bool stopped = false;
  {
    absl::MutexLock lock(&mutex_);
    stopped = stopped_;
  }
  if (stream.admitted) {
    stream.watcher->Rechecked(stopped ? Stopping()
                                      : endpoint_.RecheckStream(EventMethod("WatchEvents"), *stream.context));
  } else if (stopped) {
    stream.watcher->Admitted(rpc::ToGrpc(Stopping(), ""), std::nullopt);
  } else {
    Admit(stream);
  }
}

void EventService::Admit(const Stream& stream) {
  std::optional<rpc::Call> call;
  const grpc::Status refusal =
      endpoint_.AdmitStream(EventMethod("WatchEvents"), *stream.context, *stream.request, call);
  if (!refusal.ok()) return stream.watcher->Admitted(refusal, std::nullopt);
  absl::StatusOr<events::FeedCursor> cursor = ParseWatchEvents(*call, *stream.request);
  if (cursor.ok()) {
    const absl::Status counted = CountIn(stream.watcher.get(), call->caller().name);
    if (!counted.ok()) cursor = counted;
  }
  if (cursor.ok()) {
    pump_.Add(stream.watcher, *std::move(cursor));
  } else {
    stream.watcher->End(cursor.status());
  }
  stream.watcher->Admitted(grpc::Status::OK, std::move(call));
}

absl::Status EventService::CountIn(const FeedReader* watcher, const std::string& caller) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return Stopping();
  if (streams_.size() > kMaxWatchers) {
    return Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_WATCHERS",
                 "This server has as many watchers as it takes. Try again later, or use ListEvents.",
                 {{"maxWatchers", absl::StrCat(kMaxWatchers)}});
  }
  int& count = of_caller_[caller];
  if (count >= kMaxWatchersOfCaller) {
    return Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS",
                 "You have as many streams at this server as one caller may have. End one, or use ListEvents.",
                 {{"maxStreams", absl::StrCat(kMaxWatchersOfCaller)}});
  }
  ++count;
  streams_[watcher].caller = caller;
  return absl::OkStatus();
}

void EventService::Forget(const FeedReader* watcher) {
  std::shared_ptr<EventWatcher> last;  // Destroyed after the lock is gone.
  absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(watcher);
  if (found == streams_.end()) return;
  last = std::move(found->second.watcher);
  const auto count = of_caller_.find(found->second.caller);
  if (count != of_caller_.end() && --count->second == 0) of_caller_.erase(count);
  streams_.erase(found);
}

void EventService::Stop() {
  std::vector<std::shared_ptr<EventWatcher>> watchers;
  {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return;
    stopped_ = true;
    for (const auto& [key, stream] : streams_) watchers.push_back(stream.watcher);
  }
  for (const auto& watcher : watchers) watcher->End(Stopping());
  for (std::thread& admitter : admitters_) admitter.join();
  pump_.Stop();
}

}  // namespace countersign::event_api
