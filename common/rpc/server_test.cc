#include "common/rpc/server.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/rpc/channel.h"
#include "common/rpc/port_probe.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/status.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::InProcessServer;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;

constexpr char kGetNote[] = "/countersign.rpc.testdata.NoteService/GetNote";

class NoteHandlers final : public testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const testdata::GetNoteRequest*, testdata::Note*) override {
    ++calls;
    return status;
  }

  grpc::Status status;
  std::atomic<int> calls = 0;
};

// A probe that the test turns on and off.
class Switch {
 public:
  Probe probe() {
    return [this]() -> absl::Status {
      absl::MutexLock lock(&mutex_);
      ++probes_;
      return status_;
    };
  }

  // Returns when the server has acted on `status`: the probe after the next one begins only then.
  void Set(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    status_ = std::move(status);
    const int enough = probes_ + 2;
    const auto reached = [this, enough] { return probes_ >= enough; };
    mutex_.Await(absl::Condition(&reached));
  }

 private:
  absl::Mutex mutex_;
  absl::Status status_ = absl::UnavailableError("not yet");
  int probes_ = 0;
};

// The answer of grpc.health.v1: 1 SERVING, 2 NOT_SERVING; -1 for an error.
int Health(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::ClientContext context;
  SetCaller(context, "operators/health");
  const std::string request =
      service.empty() ? "" : absl::StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service);
  const RawReply reply = RawCall(channel, context, "/grpc.health.v1.Health/Check", request);
  if (!reply.status.ok() || reply.bytes.size() != 2 || reply.bytes[0] != 8) return -1;
  return reply.bytes[1];
}

TEST(ServerTest, IsHealthyWhileTheProbeSucceeds) {
  Switch database;
  NoteHandlers handlers;
  InProcessServer server({&handlers}, database.probe());
  EXPECT_EQ(Health(server.channel(), ""), 2);
  database.Set(absl::OkStatus());
  EXPECT_EQ(Health(server.channel(), ""), 1);
  EXPECT_EQ(Health(server.channel(), "countersign.rpc.testdata.NoteService"), 1);
  database.Set(absl::UnavailableError("gone"));
  EXPECT_EQ(Health(server.channel(), ""), 2);
  EXPECT_EQ(Health(server.channel(), "countersign.rpc.testdata.NoteService"), 2);
  EXPECT_TRUE(server.server().failure().ok());
}

TEST(ServerTest, GivesUpWhenItCanNeverBeHealthy) {
  NoteHandlers handlers;
  InProcessServer server({&handlers}, [] { return FailedPrecondition("MIGRATION_PENDING", "The schema is old."); });
  while (server.server().failure().ok()) std::this_thread::yield();
  EXPECT_THAT(server.server().failure(), HasReason("MIGRATION_PENDING"));
}

TEST(ServerTest, RefusesBytesThatDoNotParseAsInvalidArgument) {
  NoteHandlers handlers;
  InProcessServer server({&handlers});
  // Field 1 of two bytes that are not UTF-8; and a length that goes beyond the end.
  for (const std::string& bytes : {std::string("\x0a\x02\xff\xfe"), std::string("\x0a\x7f")}) {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    const grpc::Status status = RawCall(server.channel(), context, kGetNote, bytes).status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_FALSE(status.error_message().empty());
    google::rpc::Status wire;
    ASSERT_TRUE(wire.ParseFromString(status.error_details()));
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(wire.details(0).UnpackTo(&info));
    EXPECT_EQ(info.reason(), "MALFORMED_REQUEST");
    EXPECT_EQ(info.metadata().at("traceId").size(), 32u);
    EXPECT_EQ(context.GetServerTrailingMetadata().count("countersign-trace-id"), 1u);
  }
}

TEST(ChannelTest, TriesAnUnavailablePeerFourTimesUnlessItIsToTryOnce) {
  NoteHandlers handlers;
  handlers.status = {grpc::StatusCode::UNAVAILABLE, "not now"};
  InProcessServer server({&handlers});
  const auto attempts = [&](const char* service_config) -> int {
    handlers.calls = 0;
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    const auto channel = MakeChannel(Credentials(), "", server.address(), service_config);
    const grpc::Status status = RawCall(*channel, context, kGetNote, "").status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    return handlers.calls;
  };
  EXPECT_EQ(attempts(kServiceConfig), 4);
  EXPECT_EQ(attempts(kServiceConfigWithoutRetries), 1);
}

TEST(ServerTest, KnowsOnlyItsOwnMethods) {
  NoteHandlers handlers;
  InProcessServer server({&handlers});
  grpc::ClientContext context;
  SetCaller(context, "operators/anna");
  EXPECT_EQ(RawCall(server.channel(), context, "/countersign.rpc.testdata.NoteService/Burn", "").status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST(ServerTest, RefusesToListenBeyondLoopback) {
  NoteHandlers handlers;
  for (const std::string listen : {"0.0.0.0:0", "[::]:0", "10.1.2.3:0", "example.com:0", ":0", "128.0.0.1:0"}) {
    ServerOptions options;
    options.listen = listen;
    EXPECT_THAT(Server::Start(options, {&handlers}, [] { return absl::OkStatus(); }), HasReason("LISTEN_ADDRESS"))
        << listen;
  }
}

TEST(ServerTest, RefusesToCallBeyondLoopbackInPlaintext) {
  for (const std::string target :
       {"10.1.2.3:7101", "partner-service:7101", "[2001:db8::1]:7101", "127.0.0.1.example.com:1"}) {
    EXPECT_THAT(MakeChannel(Credentials(), "partner-service", target), HasReason("PEER_ADDRESS")) << target;
  }
  for (const std::string target : {"127.0.0.1:7101", "localhost:7101", "[::1]:7101"}) {
    EXPECT_OK(MakeChannel(Credentials(), "partner-service", target)) << target;
  }
}

TEST(ServerTest, RefusesAPortInUse) {
  NoteHandlers handlers;
  InProcessServer server({&handlers});
  ServerOptions options;
  options.listen = server.address();
  NoteHandlers others;
  EXPECT_THAT(Server::Start(options, {&others}, [] { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kUnavailable));
}

// Holds every call until it is told to let go.
class SlowHandlers final : public testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const testdata::GetNoteRequest*, testdata::Note*) override {
    {
      absl::MutexLock lock(&mutex);
      entered = true;
    }
    leave.WaitForNotification();
    return grpc::Status::OK;
  }
  void AwaitCall() {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&entered));
  }
  absl::Mutex mutex;
  bool entered = false;
  absl::Notification leave;
};

TEST(ServerTest, AnswersAtOnceThatItIsBusyBeyondItsThreads) {
  SlowHandlers handlers;
  ServerOptions options;
  options.max_threads = 4;
  ASSERT_OK_AND_ASSIGN(const auto server, Server::Start(options, {&handlers}, [] { return absl::OkStatus(); }));
  const auto channel = MakeChannel(server->address());
  absl::Mutex mutex;
  std::vector<absl::Status> refusals;
  std::vector<std::thread> clients;
  for (int i = 0; i < 64; ++i) {
    clients.emplace_back([&] {
      grpc::ClientContext context;
      SetCaller(context, "operators/anna");
      const RawReply reply = RawCall(channel, context, kGetNote, "");
      if (reply.status.ok()) return;
      absl::MutexLock lock(&mutex);
      refusals.push_back(FromGrpc(reply.status));
    });
  }
  {
    const auto refused = [&] { return !refusals.empty(); };
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&refused));
  }
  handlers.leave.Notify();
  for (std::thread& client : clients) client.join();
  EXPECT_THAT(refusals, ::testing::Each(StatusIs(absl::StatusCode::kResourceExhausted)));
  EXPECT_THAT(refusals, ::testing::Each(HasReason("SERVER_BUSY")));
}

// A reflection stream that asks nothing.
class IdleReflection {
 public:
  explicit IdleReflection(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    call_ = stub_.PrepareCall(&context_, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue_);
    call_->StartCall(this);
    AwaitQueue();
  }
  ~IdleReflection() {
    context_.TryCancel();
    queue_.Shutdown();
    AwaitQueue();
  }
  // Waits until the server ends it.
  grpc::StatusCode End() {
    grpc::Status status;
    call_->Finish(&status, this);
    AwaitQueue();
    return status.error_code();
  }

 private:
  void AwaitQueue() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST(ServerTest, IdleReflectionStreamsDoNotKeepCallsFromBeingServed) {
  NoteHandlers handlers;
  ServerOptions options;
  options.max_threads = 8;  // A quarter of them for reflection: two streams.
  ASSERT_OK_AND_ASSIGN(const auto server, Server::Start(options, {&handlers}, [] { return absl::OkStatus(); }));
  const auto channel = MakeChannel(server->address());
  std::vector<std::unique_ptr<IdleReflection>> streams;
  for (int i = 0; i < 2; ++i) streams.push_back(std::make_unique<IdleReflection>(channel));
  for (int i = 0; i < 16; ++i) {
    streams.push_back(std::make_unique<IdleReflection>(channel));
    ASSERT_EQ(streams.back()->End(), grpc::StatusCode::CANCELLED) << i;
  }
  grpc::ClientContext context;
  SetCaller(context, "operators/anna");
  EXPECT_TRUE(RawCall(channel, context, kGetNote, "").status.ok());
}

TEST(ServerTest, LetsTheCallUnderWayEndWhenItShutsDown) {
  SlowHandlers handlers;
  InProcessServer server({&handlers});
  RawReply reply;
  std::thread client([&] {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    reply = RawCall(server.channel(), context, kGetNote, "");
  });
  handlers.AwaitCall();
  std::thread stopper([&] { server.server().Shutdown(); });
  handlers.leave.Notify();
  client.join();
  stopper.join();
  EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  EXPECT_FALSE(RawCall(server.channel(), context, kGetNote, "").status.ok());
}

TEST(ServerTest, LetsTheCallUnderWayEndAlthoughTheOthersTakeAllTheTimeThereIs) {
  SlowHandlers handlers;
  ServerOptions options;
  options.shutdown_timeout = absl::Seconds(2);
  const auto end_others = [&](absl::Time deadline) {
    EXPECT_LE(deadline, absl::Now() + options.shutdown_timeout / 2);
    absl::SleepFor(options.shutdown_timeout);
  };
  ASSERT_OK_AND_ASSIGN(const auto server,
                       Server::Start(options, {&handlers}, [] { return absl::OkStatus(); }, end_others));
  RawReply reply;
  std::thread client([&] {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    reply = RawCall(MakeChannel(server->address()), context, kGetNote, "");
  });
  handlers.AwaitCall();
  std::thread stopper([&] { server->Shutdown(); });
  // Until the port is closed: from then on the call under way is all that is waited for.
  while (ProbePort("127.0.0.1", server->port(), absl::Seconds(1)).ok()) std::this_thread::yield();
  handlers.leave.Notify();
  client.join();
  stopper.join();
  EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
}

TEST(ServerTest, ShutsDownSoonWhenOnlyIdleClientsAreConnected) {
  NoteHandlers handlers;
  InProcessServer server({&handlers});
  grpc::ClientContext context;
  SetCaller(context, "operators/anna");
  ASSERT_TRUE(RawCall(server.channel(), context, kGetNote, "").status.ok());
  const IdleReflection stream(server.channel());
  const absl::Time start = absl::Now();
  server.server().Shutdown();
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));  // An idle client looks at its connection every 5 s.
}

TEST(ServerTest, IsNotServingFromTheBeginningOfItsShutdown) {
  SlowHandlers handlers;
  std::unique_ptr<Server> server;
  std::vector<int> health;
  const auto look = [&](absl::Time) { health.push_back(Health(MakeChannel(server->address()), "")); };
  ASSERT_OK_AND_ASSIGN(server, Server::Start({}, {&handlers}, [] { return absl::OkStatus(); }, look));
  while (Health(MakeChannel(server->address()), "") != 1) std::this_thread::yield();
  server->Shutdown();
  EXPECT_THAT(health, ::testing::ElementsAre(2));
}

}  // namespace
}  // namespace countersign::rpc
