// What clients see of a server that ends while they call.
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::InProcessServer;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;

constexpr char kNoteMethod[] = "/countersign.rpc.testdata.NoteService/GetNote";

class BriefHandlers final : public testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const testdata::GetNoteRequest*, testdata::Note*) override {
    absl::SleepFor(absl::Milliseconds(1));
    ++served;
    return grpc::Status::OK;
  }
  std::atomic<int> served{0};
};

class EndlessHandlers final : public testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const testdata::GetNoteRequest*, testdata::Note*) override {
    entered.Notify();
    leave.WaitForNotification();
    return grpc::Status::OK;
  }
  absl::Notification entered;
  absl::Notification leave;
};

// A client's channel that tries nothing again, so that every answer is seen.
std::shared_ptr<grpc::Channel> WithoutRetries(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

TEST(ShutdownTest, NoCallIsEverCancelledByAServerThatEndsUnderLoad) {
  constexpr int kRestarts = 4;
  constexpr int kClients = 8;
  std::map<grpc::StatusCode, int> answers;
  for (int restart = 0; restart < kRestarts; ++restart) {
    BriefHandlers handlers;
    ASSERT_OK_AND_ASSIGN(const auto server, Server::Start({}, {&handlers}, [] { return absl::OkStatus(); }));
    std::atomic<bool> stop{false};
    absl::Mutex mutex;
    std::vector<std::thread> clients;
    for (int client = 0; client < kClients; ++client) {
      clients.emplace_back([&] {
        const auto channel = WithoutRetries(server->address());
        while (!stop) {
          grpc::ClientContext context;
          SetCaller(context, "operators/anna");
          const grpc::Status status = RawCall(channel, context, kNoteMethod, "").status;
          absl::MutexLock lock(&mutex);
          ++answers[status.error_code()];
        }
      });
    }
    while (handlers.served < 50 * kClients) std::this_thread::yield();
    server->Shutdown();
    stop = true;
    for (std::thread& client : clients) client.join();
  }
  for (const auto& [code, count] : answers) {
    EXPECT_TRUE(code == grpc::StatusCode::OK || code == grpc::StatusCode::UNAVAILABLE) << code << ": " << count;
  }
  EXPECT_GT(answers[grpc::StatusCode::OK], 0);
}

TEST(ShutdownTest, ACallThatOutlastsTheShutdownIsUnavailable) {
  EndlessHandlers handlers;
  ServerOptions options;
  options.shutdown_timeout = absl::Seconds(2);
  ASSERT_OK_AND_ASSIGN(const auto server, Server::Start(options, {&handlers}, [] { return absl::OkStatus(); }));
  grpc::Status status;
  std::thread client([&] {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    status = RawCall(WithoutRetries(server->address()), context, kNoteMethod, "").status;
    handlers.leave.Notify();
  });
  handlers.entered.WaitForNotification();
  server->Shutdown();
  client.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
}

TEST(ShutdownTest, WhatAPeerCancelsIsUnavailableToOurCaller) {
  EXPECT_THAT(FromPeer(grpc::Status(grpc::StatusCode::CANCELLED, "reset")), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ToGrpc(absl::CancelledError("inside"), "trace").error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace countersign::rpc
