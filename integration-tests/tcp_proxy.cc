#include "integration-tests/tcp_proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <deque>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

namespace countersign::integration {
namespace {

constexpr size_t kChunk = 65'536;
constexpr size_t kMaxChunks = 64;  // Under way in one direction; then the sender has to wait.

// As MySQL's protocol sends it: the length in three bytes, the number of the packet, COM_QUERY, the statement.
constexpr std::string_view kCommit("\x07\0\0\0\3COMMIT", 11);

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

void BeQuick(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// What goes from one socket to the other.
struct Direction {
  int from;
  int to;
  std::deque<std::pair<absl::Time, std::string>> under_way = {};  // With the time at which it may arrive.
  bool ended = false;
};

// One connection.
struct Wire {
  std::array<Direction, 2> directions;  // To the server, and back.
  bool commits = false;                 // COMMIT is the last that was sent to the server.
  bool held = false;                    // And its answer has come.
};

class TcpProxyImpl final : public TcpProxy {
 public:
  TcpProxyImpl(std::vector<int> targets, int listener, int port)
      : targets_(std::move(targets)), listener_(listener), port_(port), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    thread_ = std::thread([this] { Run(); });
  }

  ~TcpProxyImpl() override {
    Set([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { stopped_ = true; });
    thread_.join();
    close(listener_);
    close(wake_);
  }

  int port() const override { return port_; }
  void Cut() override {
    Set([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { cut_ = true; });
  }
  void SetSilent(bool silent) override {
    Set([this, silent]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { silent_ = silent; });
  }
  void SetDelay(absl::Duration delay) override {
    Set([this, delay]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { delay_ = delay; });
  }
  void SetLosesCommits(bool loses) override { loses_commits_ = loses; }
  void SetHoldsCommits(bool holds) override {
    Set([this, holds] { holds_commits_ = holds; });
  }

 private:
  template <typename Change>
  void Set(const Change& change) {
    absl::MutexLock lock(&mutex_);
    change();
    const uint64_t one = 1;
    if (write(wake_, &one, sizeof one) < 0) return;  // It is awake already.
  }

  void Run() {
    std::vector<pollfd> wanted;
    while (TakeOrders()) {
      wanted = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
      absl::Duration pause = absl::Seconds(1);
      if (!now_silent_) {
        for (const Wire& wire : wires_) AddWanted(wire, wanted, pause);
      }
      poll(wanted.data(), wanted.size(),
           static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(pause, absl::Milliseconds(1)))));
      uint64_t count = 0;
      if (read(wake_, &count, sizeof count) < 0) count = 0;
      if ((wanted[0].revents & POLLIN) != 0) Accept();
      if (!now_silent_) Carry();
    }
    for (const Wire& wire : wires_) Close(wire);
  }

  // False when it is to end.
  bool TakeOrders() {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(cut_, false)) {
      for (const Wire& wire : wires_) Close(wire);
      wires_.clear();
    }
    now_silent_ = silent_;
    now_delay_ = delay_;
    return !stopped_;
  }

  static void AddWanted(const Wire& wire, std::vector<pollfd>& wanted, absl::Duration& pause) {
    const absl::Time now = absl::Now();
    for (const Direction& direction : wire.directions) {
      const bool held = wire.held && &direction != wire.directions.data();
      if (!direction.ended && !held && direction.under_way.size() < kMaxChunks) {
        wanted.push_back({direction.from, POLLIN, 0});
      }
      if (direction.under_way.empty()) continue;
      const absl::Duration rest = direction.under_way.front().first - now;
      if (rest > absl::ZeroDuration()) {
        pause = std::min(pause, rest);
      } else {
        wanted.push_back({direction.to, POLLOUT, 0});
      }
    }
  }

  void Accept() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    int server = -1;
    for (size_t i = 0; i < targets_.size() && server < 0; ++i) server = Connect(targets_[next_++ % targets_.size()]);
    if (server < 0) {
      close(client);
      return;
    }
    BeQuick(client);
    BeQuick(server);
    wires_.push_back({.directions = {Direction{client, server}, Direction{server, client}}});
  }

  void Carry() {
    for (auto wire = wires_.begin(); wire != wires_.end();) {
      bool alive = true;
      for (Direction& direction : wire->directions) alive = alive && Receive(*wire, direction) && Send(direction);
      if (!alive) Close(*wire);
      wire = alive ? std::next(wire) : wires_.erase(wire);
    }
  }

  // False when the connection has ended, or is to end.
  bool Receive(Wire& wire, Direction& direction) const {
    const bool to_server = &direction == wire.directions.data();
    if (wire.held && !to_server) return holds_commits_;
    while (!direction.ended && direction.under_way.size() < kMaxChunks) {
      std::string bytes(kChunk, '\0');
      const ssize_t count = recv(direction.from, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      direction.ended = count == 0;
      bytes.resize(static_cast<size_t>(count));
      if (count > 0 && !to_server && wire.commits && loses_commits_) return false;
      if (count > 0 && !to_server && wire.commits && holds_commits_) {
        wire.held = true;
        return true;
      }
      if (count > 0) wire.commits = to_server && bytes.find(kCommit) != std::string::npos;
      if (count > 0) direction.under_way.emplace_back(absl::Now() + now_delay_, std::move(bytes));
    }
    return true;
  }

  // False when the connection has ended.
  static bool Send(Direction& direction) {
    const absl::Time now = absl::Now();
    while (!direction.under_way.empty() && direction.under_way.front().first <= now) {
      std::string& bytes = direction.under_way.front().second;
      const ssize_t count = send(direction.to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      bytes.erase(0, static_cast<size_t>(count));
      if (!bytes.empty()) return true;
      direction.under_way.pop_front();
    }
    return !direction.ended || !direction.under_way.empty();
  }

  static void Close(const Wire& wire) {
    close(wire.directions[0].from);
    close(wire.directions[0].to);
  }

  const std::vector<int> targets_;
  const int listener_;
  const int port_;
  const int wake_;
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  bool silent_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration delay_ ABSL_GUARDED_BY(mutex_);
  // Read when an answer arrives, so that what was sent after the order was given obeys it.
  std::atomic<bool> loses_commits_ = false;
  std::atomic<bool> holds_commits_ = false;
  // The thread's own.
  std::list<Wire> wires_;
  size_t next_ = 0;
  bool now_silent_ = false;
  absl::Duration now_delay_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TcpProxy>> TcpProxy::Start(std::vector<int> targets) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, any, size) != 0 || listen(listener, 512) != 0 || getsockname(listener, any, &size) != 0) {
    close(listener);
    return absl::InternalError("no port for a proxy");
  }
  return std::make_unique<TcpProxyImpl>(std::move(targets), listener, ntohs(address.sin_port));
}

}  // namespace countersign::integration
