// What happens to a server's callers when somebody opens connections and does nothing with them.
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/rpc/port_probe.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/raw_http2_for_test.h"
#include "common/rpc/server.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/in_process_server.h"
#include "common/testing/loopback_listener.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;

constexpr char kGetNote[] = "/countersign.rpc.testdata.NoteService/GetNote";

class NoteHandlers final : public testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const testdata::GetNoteRequest*, testdata::Note*) override {
    return grpc::Status::OK;
  }
};

// Another process, which holds `count` connections that say nothing until it is told to end.
class SilentClients {
 public:
  SilentClients(int port, int count) {
    if (pipe(begun_) != 0 || pipe(end_) != 0) abort();
    process_ = fork();
    if (process_ != 0) {
      close(end_[0]);
      char byte = 0;
      if (read(begun_[0], &byte, 1) != 1) abort();
      return;
    }
    rlimit limit = {};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i) {
      if (connect(socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) break;
    }
    close(end_[1]);
    char byte = 0;
    if (write(begun_[1], "b", 1) == 1 && read(end_[0], &byte, 1) >= 0) _exit(0);
    _exit(1);
  }
  ~SilentClients() {
    close(end_[1]);
    waitpid(process_, nullptr, 0);
    for (const int fd : {begun_[0], begun_[1]}) close(fd);
  }

 private:
  int begun_[2];
  int end_[2];
  pid_t process_ = 0;
};

// This process may open `files` more at most, while it lives.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t files) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int next = dup(0);
    close(next);
    const rlimit few = {static_cast<rlim_t>(next) + files, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

absl::StatusOr<std::unique_ptr<Server>> Serve(NoteHandlers& handlers, const ServerOptions& options) {
  return Server::Start(options, {&handlers}, [] { return absl::OkStatus(); });
}

grpc::Status GetNote(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  SetCaller(context, "operators/anna");
  context.set_wait_for_ready(true);
  return RawCall(channel, context, kGetNote, "").status;
}

TEST(ConnectionLimitsTest, AcceptsAgainAfterItRanOutOfDescriptors) {
  NoteHandlers handlers;
  ASSERT_OK_AND_ASSIGN(const auto server, Serve(handlers, {}));
  ASSERT_TRUE(GetNote(MakeChannel(server->address())).ok());
  {
    const FewDescriptors few(200);
    const SilentClients strangers(server->port(), 400);
    // Until the strangers have taken every descriptor there is.
    for (int fd = dup(0); fd >= 0; fd = dup(0)) {
      close(fd);
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  EXPECT_TRUE(GetNote(MakeChannel(server->address())).ok());
  EXPECT_OK(server->failure());
}

TEST(ConnectionLimitsTest, MakesRoomForNewConnectionsWhereOneAddressHasAll) {
  NoteHandlers handlers;
  ServerOptions options;
  options.max_connections = 100;
  ASSERT_OK_AND_ASSIGN(const auto server, Serve(handlers, options));
  std::vector<std::unique_ptr<RawHttp2>> strangers;
  for (int i = 0; i < 300; ++i) strangers.push_back(std::make_unique<RawHttp2>(server->port()));
  EXPECT_TRUE(GetNote(MakeChannel(server->address())).ok());
  int open = 0;
  for (const auto& stranger : strangers) open += stranger->is_open() ? 1 : 0;
  EXPECT_LE(open, 100);
  EXPECT_GE(open, 80);
}

TEST(ConnectionLimitsTest, LeavesAloneWhoHasFewConnections) {
  NoteHandlers handlers;
  ServerOptions options;
  options.max_connections = 100;
  ASSERT_OK_AND_ASSIGN(const auto server, Serve(handlers, options));
  RawHttp2 oldest(server->port(), "127.0.0.2");
  oldest.Begin();
  std::vector<std::unique_ptr<RawHttp2>> strangers;
  for (int i = 0; i < 300; ++i) strangers.push_back(std::make_unique<RawHttp2>(server->port()));
  while (strangers.front()->is_open()) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(oldest.is_open());
}

// The descriptor of this process that listens at `port`.
int ListenerOf(int port) {
  for (int fd = 0; fd < 1000; ++fd) {
    sockaddr_in address = {};
    socklen_t size = sizeof address;
    int listens = 0;
    socklen_t listens_size = sizeof listens;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_size) == 0 && listens != 0 &&
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 && ntohs(address.sin_port) == port) {
      return fd;
    }
  }
  return -1;
}

TEST(ConnectionLimitsTest, GivesUpWhenItsOwnPortIsDead) {
  NoteHandlers handlers;
  ServerOptions options;
  options.probe_interval = absl::Milliseconds(20);
  ASSERT_OK_AND_ASSIGN(const auto server, Serve(handlers, options));
  ASSERT_TRUE(GetNote(MakeChannel(server->address())).ok());
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_OK(server->failure());
  shutdown(ListenerOf(server->port()), SHUT_RDWR);
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (server->failure().ok() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_THAT(server->failure(), HasReason("PORT_DEAD"));
}

TEST(ConnectionLimitsTest, TellsAPortThatNobodyServesFromOneThatIsServed) {
  NoteHandlers handlers;
  testing::InProcessServer server({&handlers});
  EXPECT_OK(ProbePort("127.0.0.1", server.server().port(), absl::Seconds(10)));
  // The kernel answers here, and nobody else.
  const testing::LoopbackListener listener;
  EXPECT_THAT(ProbePort("127.0.0.1", listener.port(), absl::Milliseconds(100)),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace countersign::rpc
