#include "billing-service/src/api/entitlement_stream.h"

namespace countersign::billing {

bool EntitlementStream::is_admitted() const {
  absl::MutexLock lock(&mutex_);
  return !admitting_;
}

rpc::Call EntitlementStream::call() const {
  absl::MutexLock lock(&mutex_);
  return *call_;
}

void EntitlementStream::Admitted(const grpc::Status& refusal, std::optional<rpc::Call> call) {
  {
    absl::MutexLock lock(&mutex_);
    admitting_ = false;
    call_ = std::move(call);
    if (!refusal.ok()) {
      refusal_ = refusal;
      end_ = absl::OkStatus();
    }
  }
  Step();
}

std::vector<event_api::FeedItem> EntitlementStream::Events() {
  absl::MutexLock lock(&mutex_);
  if (end_.has_value()) return {};
  return std::exchange(events_, {});
}

void EntitlementStream::Worked(absl::Status status, std::vector<v1::EntitlementChange> changes) {
  const bool nothing = status.ok() && changes.empty();
  {
    absl::MutexLock lock(&mutex_);
    working_ = false;
    if (!status.ok() && !end_.has_value()) end_ = std::move(status);
    for (v1::EntitlementChange& change : changes) queue_.push_back(std::move(change));
  }
  if (nothing) pump_.Ready(this);
  Step();
}

void EntitlementStream::Take(std::vector<event_api::FeedItem> items) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return;
    events_ = std::move(items);
    working_ = true;
  }
  work_(this);
}

void EntitlementStream::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (!end_.has_value()) end_ = status;
  }
  Step();
}

void EntitlementStream::OnWriteDone(bool ok) {
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

void EntitlementStream::OnDone() {
  pump_.Remove(this);
  forget_(this);
}

void EntitlementStream::Step() {
  grpc::Status status;
  bool write = false;
  {
    absl::MutexLock lock(&mutex_);
    if (admitting_ || working_ || writing_ || finished_ || (queue_.empty() && !end_.has_value())) return;
    write = !end_.has_value();
    if (write) {
      current_ = std::move(queue_.front());
      queue_.pop_front();
      writing_ = true;
    } else {
      queue_.clear();
      finished_ = true;
      status = refusal_.has_value() ? *refusal_ : endpoint_.EndStream(*call_, *end_);
    }
  }
  // Without the lock. One thread only gets here at a time: the next one after OnWriteDone, and none after Finish.
  if (write) {
    StartWrite(&current_);
  } else {
    Finish(status);  // The stream may be gone after this.
  }
}

}  // namespace countersign::billing
