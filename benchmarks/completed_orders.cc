#include "benchmarks/completed_orders.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "countersign/event/v1/event_service.grpc.pb.h"

namespace countersign::benchmarks {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(100);  // Before a stream that ended is opened again.

std::string LastIdOf(absl::string_view name) { return std::string(name.substr(name.rfind('/') + 1)); }

}  // namespace

CompletedOrders::CompletedOrders(integration::Suite& suite) : suite_(suite), follower_([this] { Follow(); }) {}

CompletedOrders::~CompletedOrders() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    if (stream_ != nullptr) stream_->TryCancel();
  }
  follower_.join();
}

absl::Status CompletedOrders::Await(const std::string& order) {
  const std::string id = LastIdOf(order);
  const absl::Time give_up = absl::Now() + kPatience;
  absl::CondVar changed;
  absl::MutexLock lock(&mutex_);
  waiting_[id] = &changed;
  bool late = false;
  while (!completed_.contains(id) && !late) late = changed.WaitWithDeadline(&mutex_, give_up);
  waiting_.erase(id);
  if (completed_.erase(id) > 0) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat(order, " was not COMPLETED in time"));
}

void CompletedOrders::Follow() {
  event::v1::EventService::Stub stub(suite_.channel(integration::Service::kOrder));
  event::v1::WatchEventsRequest request;
  request.set_parent("-");
  for (;;) {
    grpc::ClientContext* stream = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      if (stopped_) return;
      stream_ = std::make_unique<grpc::ClientContext>();
      stream = stream_.get();
    }
    const auto reader = stub.WatchEvents(stream, request);
    event::v1::Event event;
    while (reader->Read(&event)) {
      request.set_position(event.position());
      if (event.type() != "ORDER_COMPLETED") continue;
      absl::MutexLock lock(&mutex_);
      completed_.insert(event.aggregate());
      const auto waiting = waiting_.find(event.aggregate());
      if (waiting != waiting_.end()) waiting->second->Signal();
    }
    (void)reader->Finish();
    absl::SleepFor(kPause);
  }
}

}  // namespace countersign::benchmarks
