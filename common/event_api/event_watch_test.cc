// WatchEvents: order, resumption, slow and departed watchers, and many of them.
#include <atomic>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/event_api/event_service_fixture.h"
#include "common/events/relay.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"

namespace countersign::event_api {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using event::v1::Event;
using ::testing::ElementsAre;

TEST_F(EventServiceTest, WatchingIsRefusedLikeAnyCall) {
  Event event;
  Stream unknown(*stub_, ParentOf(tenant_), "", "nobody");
  EXPECT_FALSE(unknown.ReadOne(&event));
  EXPECT_THAT(unknown.Finish(), StatusIs(absl::StatusCode::kUnauthenticated));
  Stream nonsense(*stub_, "x", "y");
  EXPECT_FALSE(nonsense.ReadOne(&event));
  EXPECT_EQ(DetailsOf(nonsense.Finish()).violations.size(), 2u);
}

TEST_F(EventServiceTest, AWatchResumedAfterEveryPositionGetsExactlyTheRest) {
  CommitAndSeal(tenant_, "a", 1, 3);
  CommitAndSeal(Id("other"), "b", 1, 3);
  CommitAndSeal(tenant_, "c", 1, 2);
  for (const std::string& parent : {ParentOf(tenant_), std::string("-")}) {
    const size_t count = parent == "-" ? 8 : 5;
    const std::vector<Event> all = Stream(*stub_, parent).Read(count);
    for (size_t i = 0; i < count; ++i) {
      Stream stream(*stub_, parent, all[i].position());
      const std::vector<Event> rest = stream.Read(count - i - 1);
      for (size_t j = 0; j < rest.size(); ++j) {
        EXPECT_EQ(rest[j].SerializeAsString(), all[i + 1 + j].SerializeAsString()) << parent << " after " << i;
      }
    }
  }
}

TEST_F(EventServiceTest, ANewEventReachesTheWatcherInOrderWhoeverSealsIt) {
  Stream own(*stub_, ParentOf(tenant_));
  Stream all(*stub_, "-");
  CommitAndSeal(tenant_, "a", 1, 3);
  EXPECT_THAT(VersionsOf(own.Read(3)), ElementsAre(1, 2, 3));
  EXPECT_THAT(VersionsOf(all.Read(3)), ElementsAre(1, 2, 3));
  relay_ = events::MakeRelay(db(), {.owner = "test"}, {}, {});  // Another replica: nobody is woken.
  CommitAndSeal(tenant_, "a", 4, 250);
  int64_t expected = 4;
  for (const Event& event : own.Read(247)) EXPECT_EQ(event.version(), expected++);
  expected = 4;
  for (const Event& event : all.Read(247)) EXPECT_EQ(event.version(), expected++);
}

TEST_F(EventServiceTest, WhatAnotherReplicaSealsIsNotHeldBackByOwnWork) {
  Stream all(*stub_, "-");
  CommitAndSeal(tenant_, "a", 1, 1);
  EXPECT_THAT(VersionsOf(all.Read(1)), ElementsAre(1));
  const int other_bucket = (events::BucketOf(tenant_) + 1) % events::kBuckets;
  std::atomic<bool> busy = true;
  std::thread own_work([&, wake = handlers_->Waker()] {
    for (; busy; std::this_thread::yield()) wake(other_bucket, {});
  });
  relay_ = events::MakeRelay(db(), {.owner = "test"}, {}, {});  // Another replica: nobody is woken.
  CommitAndSeal(tenant_, "a", 2, 2);
  EXPECT_THAT(VersionsOf(all.Read(1)), ElementsAre(2));
  busy = false;
  own_work.join();
}

TEST_F(EventServiceTest, ASlowWatcherHoldsBackNobody) {
  Stream slow(*stub_, "-");  // Reads nothing: the stream's windows fill up and its writes stop.
  constexpr int kEvents = 3'000;
  std::vector<events::Event> events;
  for (int version = 1; version <= kEvents; ++version) {
    events.push_back(MakeEvent(tenant_, Id("a"), version));
    events.back().payload = std::string(1'000, 'x');
    if (events.size() < 500) continue;
    ASSERT_OK(CommitEvents(std::exchange(events, {})));
  }
  ASSERT_OK(relay_->Drain(Deadline()));
  Stream quick(*stub_, ParentOf(tenant_));
  quick.Read(kEvents);
  EXPECT_EQ(slow.Read(1)[0].version(), 1);
}

TEST_F(EventServiceTest, AWatcherThatWentAwayIsForgotten) {
  std::optional<Stream> stream(std::in_place, *stub_, ParentOf(tenant_));
  CommitAndSeal(tenant_, "a", 1, 1);
  stream->Read(1);
  EXPECT_EQ(handlers_->watcher_count(), 1u);
  stream.reset();
  const absl::Time deadline = Deadline();
  while (handlers_->watcher_count() != 0 && absl::Now() < deadline) std::this_thread::yield();
  EXPECT_EQ(handlers_->watcher_count(), 0u);
}

TEST_F(EventServiceTest, ARevokedKeyGetsNoMoreEvents) {
  Stream stream(*stub_, ParentOf(tenant_), "", "", absl::StrCat("Bearer ", KeyOf('g')));
  CommitAndSeal(tenant_, "a", 1, 1);
  stream.Read(1);
  key_is_good_ = false;
  // A key that was found good counts as good for two seconds. If nobody checked it again, the stream would end only at
  // its deadline.
  Event event;
  int64_t version = 1;
  do {
    ++version;
    CommitAndSeal(tenant_, "a", version, version);
  } while (stream.ReadOne(&event));
  EXPECT_THAT(stream.Finish(), HasReason("API_KEY_INVALID"));
}

TEST_F(EventServiceTest, StoppingEndsEveryStreamAtOnce) {
  Stream stream(*stub_, ParentOf(tenant_));
  CommitAndSeal(tenant_, "a", 1, 1);
  stream.Read(1);
  handlers_->Stop();
  Event event;
  EXPECT_FALSE(stream.ReadOne(&event));
  EXPECT_THAT(stream.Finish(), HasReason("SERVER_STOPPING"));
  Stream late(*stub_, ParentOf(tenant_));
  EXPECT_FALSE(late.ReadOne(&event));
  EXPECT_THAT(late.Finish(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(EventServiceTest, AKeyThatCannotBeVerifiedHoldsBackNeitherOthersNorTheEnd) {
  std::vector<std::unique_ptr<Stream>> hanging;
  for (int i = 0; i < 50; ++i) {
    hanging.push_back(std::make_unique<Stream>(*stub_, ParentOf(tenant_), "", "", absl::StrCat("Bearer ", KeyOf('h'))));
  }
  {
    const absl::MutexLock lock(&mutex_);
    const auto both_admitters_hang = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return hanging_ == 2; };
    mutex_.Await(absl::Condition(&both_admitters_hang));
  }
  Stream quick(*stub_, ParentOf(tenant_));
  CommitAndSeal(tenant_, "a", 1, 1);
  quick.Read(1);
  std::thread stop([this] { handlers_->Stop(); });
  Event event;
  EXPECT_FALSE(quick.ReadOne(&event));  // Stop has begun.
  {
    const absl::MutexLock lock(&mutex_);
    answer_ = true;
  }
  stop.join();
  const absl::MutexLock lock(&mutex_);
  EXPECT_EQ(hanging_, 2) << "the keys of all others, after the end";
}

TEST_F(EventServiceTest, OneCallerHasAHundredStreamsAtMost) {
  CommitAndSeal(tenant_, "a", 1, 1);
  std::vector<std::unique_ptr<Stream>> streams;
  while (streams.size() < kMaxWatchersOfCaller) {
    streams.push_back(std::make_unique<Stream>(*stub_, ParentOf(tenant_)));
    streams.back()->Read(1);
  }
  Event event;
  Stream one_more(*stub_, ParentOf(tenant_));
  EXPECT_FALSE(one_more.ReadOne(&event));
  EXPECT_THAT(one_more.Finish(), HasReason("TOO_MANY_STREAMS"));
  Stream of_another(*stub_, ParentOf(tenant_), "", "viewers/vera");
  EXPECT_THAT(VersionsOf(of_another.Read(1)), ElementsAre(1));
  streams.pop_back();
  while (handlers_->watcher_count() > kMaxWatchersOfCaller) std::this_thread::yield();
  Stream again(*stub_, ParentOf(tenant_));
  EXPECT_THAT(VersionsOf(again.Read(1)), ElementsAre(1));
}

int ThreadsOfThisProcess() {
  std::ifstream status("/proc/self/status");
  std::string line;
  int threads = 0;
  while (std::getline(status, line)) {
    if (absl::StartsWith(line, "Threads:") && !absl::SimpleAtoi(line.substr(8), &threads)) break;
  }
  return threads;
}

// Thread-safe.
class Counter {
 public:
  void Increment() {
    const absl::MutexLock lock(&mutex_);
    ++count_;
  }
  // Until there are so many, or a minute is over.
  void Await(int expected) {
    const absl::MutexLock lock(&mutex_);
    const auto reached = [this, expected]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ >= expected; };
    mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Minutes(1));
    ASSERT_EQ(count_, expected);
  }

 private:
  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

// A client that costs no thread either.
class CountingReader final : public grpc::ClientReadReactor<Event> {
 public:
  CountingReader(event::v1::EventService::Stub& stub, const std::string& parent, const std::string& caller,
                 Counter& received, Counter& done)
      : received_(received), done_(done) {
    SetCaller(context_, caller);
    context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(4)));
    request_.set_parent(parent);
    stub.async()->WatchEvents(&context_, &request_, this);
    StartRead(&event_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    received_.Increment();
    StartRead(&event_);
  }
  void OnDone(const grpc::Status&) override { done_.Increment(); }
  void Cancel() { context_.TryCancel(); }

 private:
  Counter& received_;
  Counter& done_;
  grpc::ClientContext context_;
  event::v1::WatchEventsRequest request_;
  Event event_;
};

TEST_F(EventServiceTest, AThousandWatchersEachGetANewEventAndCostNoThread) {
  constexpr int kWatchers = 1'000;
  CommitAndSeal(tenant_, "a", 1, 1);
  Counter received;
  Counter done;
  // Callers have connections of their own, which carry all the watchers that one of them may have.
  std::vector<std::unique_ptr<event::v1::EventService::Stub>> stubs;
  for (int i = 0; i <= kWatchers / kMaxWatchersOfCaller; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs.push_back(event::v1::EventService::NewStub(
        grpc::CreateCustomChannel(server_->address(), grpc::InsecureChannelCredentials(), arguments)));
  }
  std::vector<std::unique_ptr<CountingReader>> readers;
  readers.push_back(std::make_unique<CountingReader>(*stub_, ParentOf(tenant_), kEventOperator, received, done));
  received.Await(1);  // What gRPC starts for its first stream is there now.
  const int threads = ThreadsOfThisProcess();
  while (readers.size() < kWatchers) {
    const std::string parent = readers.size() % 10 == 0 ? "-" : ParentOf(tenant_);
    const size_t number = readers.size() / kMaxWatchersOfCaller;
    const std::string caller = absl::StrCat("operators/number-", number);
    readers.push_back(std::make_unique<CountingReader>(*stubs[number], parent, caller, received, done));
  }
  received.Await(kWatchers);
  EXPECT_EQ(handlers_->watcher_count(), static_cast<size_t>(kWatchers));
  CommitAndSeal(tenant_, "a", 2, 2);
  received.Await(2 * kWatchers);
  // One each would be a thousand. gRPC itself starts some when it has much to do.
  EXPECT_LE(ThreadsOfThisProcess(), threads + 100);
  for (const auto& reader : readers) reader->Cancel();
  done.Await(kWatchers);
}

}  // namespace
}  // namespace countersign::event_api
