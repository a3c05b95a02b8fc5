#include "common/event_api/event_service.h"

#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
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
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOperator[] = "operators/anna";

// A key as it must be written.
std::string KeyOf(char secret) {
  return absl::StrCat("cs_", std::string(32, 'a'), "_", std::string(16, 'b'), "_", std::string(43, secret));
}

class EventServiceTest : public events::LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    endpoint_ = std::make_unique<rpc::Endpoint>(rpc::EndpointOptions{
        .service = "note-service",
        .database = &db(),
        .clock = &clock_,
        .reply_keys = &keys_,
        .verify_key = [this](absl::string_view key, absl::Time) -> absl::StatusOr<rpc::VerifiedKey> {
          if (key == KeyOf('h')) {
            absl::MutexLock lock(&mutex_);
            ++hanging_;
            mutex_.Await(absl::Condition(&answer_));
          }
          if (!key_is_good_) return absl::NotFoundError("");
          return rpc::VerifiedKey{.partner = tenant_};
        },
        .key_cache = {.ttl = {}}});
    handlers_ = std::make_unique<EventService>(*endpoint_, db());
    // The local sealer, and one that the handlers do not hear of, as of another replica.
    relay_ = events::MakeRelay(db(), {.owner = "test", .on_sealed = handlers_->Waker()}, {}, {});
    server_ = std::make_unique<testing::InProcessServer>(std::vector<grpc::Service*>{handlers_.get()});
    stub_ = event::v1::EventService::NewStub(server_->channel());
  }

  void TearDown() override {
    relay_.reset();
    handlers_->Stop();
    server_.reset();
  }

  void CommitAndSeal(const Uuid& tenant, const std::string& aggregate, int64_t from, int64_t to) {
    for (int64_t version = from; version <= to; ++version) {
      ASSERT_OK(CommitEvents({MakeEvent(tenant, Id(aggregate), version)}));
    }
    ASSERT_OK(relay_->Drain(Deadline()));
  }

  static std::string ParentOf(const Uuid& tenant) { return "partners/" + tenant.ToString(); }

  absl::StatusOr<std::vector<Event>> List(event::v1::ListEventsRequest request, absl::string_view caller = kOperator) {
    std::vector<Event> all;
    do {
      grpc::ClientContext context;
      SetCaller(context, caller);
      event::v1::ListEventsResponse page;
      RETURN_IF_ERROR(rpc::FromGrpc(stub_->ListEvents(&context, request, &page)));
      all.insert(all.end(), page.events().begin(), page.events().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  // One stream, read by the calling thread.
  class Stream {
   public:
    Stream(event::v1::EventService::Stub& stub, const std::string& parent, const std::string& position = "",
           absl::string_view caller = kOperator, const std::string& authorization = "") {
      SetCaller(context_, caller);
      if (!authorization.empty()) context_.AddMetadata("authorization", authorization);
      event::v1::WatchEventsRequest request;
      request.set_parent(parent);
      request.set_position(position);
      reader_ = stub.WatchEvents(&context_, request);
    }
    ~Stream() {
      if (reader_ == nullptr) return;
      context_.TryCancel();
      Event ignored;
      while (reader_->Read(&ignored)) {
      }
      reader_->Finish().IgnoreError();
    }
    std::vector<Event> Read(size_t count) {
      std::vector<Event> events(count);
      for (Event& event : events) {
        if (!reader_->Read(&event)) {
          ADD_FAILURE() << "the stream ended: " << Finish();
          break;
        }
      }
      return events;
    }
    bool ReadOne(Event* event) { return reader_->Read(event); }
    absl::Status Finish() {
      const absl::Status status = rpc::FromGrpc(reader_->Finish());
      reader_ = nullptr;
      return status;
    }
    grpc::ClientContext& context() { return context_; }

   private:
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<Event>> reader_;
  };

  testing::FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  const Uuid tenant_ = Id("tenant");
  std::atomic<bool> key_is_good_ = true;
  absl::Mutex mutex_;
  int hanging_ ABSL_GUARDED_BY(mutex_) = 0;  // Verifications of the key KeyOf('h') that began.
  bool answer_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<rpc::Endpoint> endpoint_;
  std::unique_ptr<EventService> handlers_;
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<testing::InProcessServer> server_;
  std::unique_ptr<event::v1::EventService::Stub> stub_;
};

std::vector<int64_t> VersionsOf(const std::vector<Event>& events) {
  std::vector<int64_t> versions;
  for (const Event& event : events) versions.push_back(event.version());
  return versions;
}

TEST_F(EventServiceTest, ListsATenantsEventsPageByPage) {
  CommitAndSeal(tenant_, "a", 1, 7);
  CommitAndSeal(Id("other"), "b", 1, 2);
  event::v1::ListEventsRequest request;
  request.set_parent(ParentOf(tenant_));
  request.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, List(request));
  EXPECT_THAT(VersionsOf(events), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(events[0].tenant(), tenant_.ToString());
  EXPECT_EQ(events[0].type(), "THING_CHANGED");
  EXPECT_EQ(events[0].payload().type_url(), "type.googleapis.com/countersign.test.v1.Thing");
  EXPECT_EQ(events[0].payload().value(), std::string("\0\xff payload", 10));
  request.set_parent("-");
  EXPECT_THAT(List(request).value(), SizeIs(9));
}

TEST_F(EventServiceTest, FiltersAndStartsAfterAPosition) {
  CommitAndSeal(tenant_, "a", 1, 5);
  event::v1::ListEventsRequest request;
  request.set_parent(ParentOf(tenant_));
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> all, List(request));
  request.set_position(all[2].position());
  EXPECT_THAT(VersionsOf(List(request).value()), ElementsAre(4, 5));
  request.set_filter("type = \"THING_CHANGED\" AND create_time >= \"2009-06-01T00:00:05Z\"");
  EXPECT_THAT(VersionsOf(List(request).value()), ElementsAre(5));
  request.set_filter("payload = 1");
  request.set_position("made up");
  EXPECT_EQ(DetailsOf(List(request).status()).violations.size(), 2u);
}

TEST_F(EventServiceTest, APartnerSeesItsOwnEventsOnly) {
  CommitAndSeal(tenant_, "a", 1, 1);
  const std::string partner = ParentOf(tenant_);
  event::v1::ListEventsRequest request;
  request.set_parent(partner);
  EXPECT_THAT(List(request, partner).value(), SizeIs(1));
  for (const std::string& parent :
       {ParentOf(Id("other")), std::string("-"), "links/" + tenant_.ToString(), "links/" + Id("other").ToString()}) {
    request.set_parent(parent);
    EXPECT_THAT(List(request, partner), HasReason("RESOURCE_NOT_FOUND")) << parent;
    Stream stream(*stub_, parent, "", partner);
    Event event;
    EXPECT_FALSE(stream.ReadOne(&event));
    EXPECT_THAT(stream.Finish(), HasReason("RESOURCE_NOT_FOUND")) << parent;
  }
}

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
  // The answer of the admission may be relied on for two seconds. Where nobody asks again the stream ends late, by its
  // deadline.
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

TEST_F(EventServiceTest, APositionBeyondTheEndIsRefused) {
  CommitAndSeal(tenant_, "a", 1, 2);
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    events::FeedCursor cursor(tenant);
    cursor.MoveTo(events::BucketOf(tenant_), 3);
    const std::string parent = tenant.has_value() ? ParentOf(*tenant) : "-";
    Event event;
    Stream stream(*stub_, parent, cursor.ToToken());
    EXPECT_FALSE(stream.ReadOne(&event));
    EXPECT_THAT(stream.Finish(), HasReason("POSITION_UNKNOWN"));
    event::v1::ListEventsRequest request;
    request.set_parent(parent);
    request.set_position(cursor.ToToken());
    EXPECT_THAT(List(request), HasReason("POSITION_UNKNOWN"));
    cursor.MoveTo(events::BucketOf(tenant_), 2);
    request.set_position(cursor.ToToken());
    EXPECT_THAT(List(request).value(), IsEmpty());
  }
}

TEST_F(EventServiceTest, APositionIsRefusedWhenTheLogWasPutBackAndHasGrownPastIt) {
  CommitAndSeal(tenant_, "a", 1, 3);
  std::vector<std::pair<std::string, std::string>> positions;
  for (const std::string& parent : {ParentOf(tenant_), std::string("-")}) {
    event::v1::ListEventsRequest request;
    request.set_parent(parent);
    ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, List(request));
    positions.emplace_back(parent, events[1].position());
    positions.emplace_back(parent, events[2].position());
  }
  // The dump was taken when there was one event; then others were committed.
  schema().Execute("DELETE FROM events WHERE version > 1");
  relay_ = events::MakeRelay(db(), {.owner = "restored", .on_sealed = handlers_->Waker()}, {}, {});
  CommitAndSeal(tenant_, "b", 1, 5);
  for (const auto& [parent, position] : positions) {
    event::v1::ListEventsRequest request;
    request.set_parent(parent);
    request.set_position(position);
    EXPECT_THAT(List(request), HasReason("POSITION_UNKNOWN"));
    Event event;
    Stream stream(*stub_, parent, position);
    EXPECT_FALSE(stream.ReadOne(&event));
    EXPECT_THAT(stream.Finish(), HasReason("POSITION_UNKNOWN"));
  }
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
  readers.push_back(std::make_unique<CountingReader>(*stub_, ParentOf(tenant_), kOperator, received, done));
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
