#include "common/event_api/event_watcher.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/events/lease.h"
#include "common/rpc/convert.h"

namespace countersign::event_api {

void EventWatcher::Admitted(const grpc::Status& refusal, std::optional<rpc::Call> call) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    checked_at_ = events::MonotonicNow();
    call_ = std::move(call);
    if (!refusal.ok()) {
      refusal_ = refusal;
      end_ = absl::OkStatus();
    }
  }
  Step();
}

void EventWatcher::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (!end_.has_value()) end_ = status;
  }
  Step();
}

void EventWatcher::Take(std::vector<FeedItem> items) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return;
    for (FeedItem& item : items) queue_.push_back(ToProto(item.event, std::move(item.position)));
  }
  Step();
}

void EventWatcher::Rechecked(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    checked_at_ = events::MonotonicNow();
    if (!status.ok() && !end_.has_value()) end_ = status;
  }
  Step();
}

void EventWatcher::OnWriteDone(bool ok) {
  bool empty = false;
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    if (!ok && !end_.has_value()) end_ = absl::CancelledError("The watcher has gone.");
    empty = queue_.empty() && !end_.has_value();
  }
  if (empty) pump_.Ready(this);
  Step();
}

void EventWatcher::OnDone() {
  pump_.Remove(this);
  forget_(this);
}

void EventWatcher::Step() {
  grpc::Status status;
  bool recheck = false;
  bool write = false;
  {
    absl::MutexLock lock(&mutex_);
    if (busy_ || finished_ || (queue_.empty() && !end_.has_value())) return;
    recheck = !end_.has_value() && events::MonotonicNow() - checked_at_ > kRecheckAfter;
    write = !end_.has_value() && !recheck;
    if (recheck) {
      busy_ = true;
    } else if (write) {
      current_ = std::move(queue_.front());
      queue_.pop_front();
      busy_ = true;
    } else {
      queue_.clear();
      finished_ = true;
      status = refusal_.has_value() ? *refusal_ : endpoint_.EndStream(*call_, *end_);
    }
  }
  // Without the lock. One thread only gets here at a time: the next one after OnWriteDone, and none after Finish.
  if (recheck) {
    recheck_(this);
  } else if (write) {
    StartWrite(&current_);
  } else {
    Finish(status);  // The watcher may be gone after this.
  }
}

event::v1::Event ToProto(const events::Event& event, std::string position) {
  event::v1::Event proto;
  proto.set_position(std::move(position));
  proto.set_tenant(event.tenant.ToString());
  proto.set_aggregate(event.aggregate.ToString());
  proto.set_version(event.version);
  proto.set_type(event.type);
  proto.set_actor(event.actor);
  proto.set_on_behalf_of(event.on_behalf_of);
  proto.set_reason(event.reason);
  proto.set_request_id(event.request_id);
  *proto.mutable_create_time() = rpc::ToProto(event.create_time);
  if (!event.payload_type.empty()) {
    proto.mutable_payload()->set_type_url(absl::StrCat("type.googleapis.com/", event.payload_type));
    proto.mutable_payload()->set_value(event.payload);
  }
  return proto;
}

}  // namespace countersign::event_api
