#include "common/rpc/acceptor.h"

#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/rpc/credentials.h"

namespace countersign::rpc {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(50);  // After an error such as too many open files.
constexpr absl::Duration kSayEvery = absl::Minutes(1);
constexpr int kBacklog = 4'096;

// The other end of a connection.
struct Peer {
  sockaddr_storage address = {};
  socklen_t size = sizeof(sockaddr_storage);

  bool operator==(const Peer& other) const {
    return size == other.size && std::memcmp(&address, &other.address, size) == 0;
  }
  // Whose connection it counts as: the address without its port, of IPv6 the first 64 bits; IPv4 may be mapped.
  std::string owner() const {
    if (address.ss_family != AF_INET6) {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
      return std::string(reinterpret_cast<const char*>(&v4.sin_addr), sizeof v4.sin_addr);
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    const auto* const bytes = reinterpret_cast<const char*>(&v6.sin6_addr);
    return IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) ? std::string(bytes + 12, 4) : std::string(bytes, 8);
  }
};

// Of a TCP segment all but its header is dropped, and where that is not all there is, the segment: a filter sees a
// segment from its header on.
bool DropWhatComesIn(int fd) {
  std::array<sock_filter, 8> program = {{
      {BPF_LD | BPF_B | BPF_ABS, 0, 0, 12},  // A = the header's length in its upper four bits, in words
      {BPF_ALU | BPF_RSH | BPF_K, 0, 0, 4},  //
      {BPF_ALU | BPF_LSH | BPF_K, 0, 0, 2},  // A = the header's length in bytes
      {BPF_MISC | BPF_TAX, 0, 0, 0},         // X = A
      {BPF_LD | BPF_W | BPF_LEN, 0, 0, 0},   // A = the segment's length
      {BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0},  // Are they the same?
      {BPF_RET | BPF_K, 0, 0, 0xFFFFFFFF},   // Yes: keep it.
      {BPF_RET | BPF_K, 0, 0, 0},            // No: drop it.
  }};
  const sock_fprog filter = {.len = program.size(), .filter = program.data()};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

// The connections that are open, as far as it can be told: gRPC closes them without a word.
class Connections {
 public:
  explicit Connections(int max) : max_(static_cast<size_t>(std::max(max, 1))) {}

  // Also makes room for it; gives how many connections were cut.
  size_t Add(int fd, const Peer& peer) {
    open_.insert_or_assign(fd, Connection{peer, ++count_});
    if (open_.size() <= max_) return 0;
    absl::erase_if(open_, [](const auto& entry) { return !IsOpen(entry.first, entry.second.peer); });
    return open_.size() <= max_ ? 0 : Cut(open_.size() - max_ + max_ / 16);
  }

  // Calls `act` with the descriptor of each that is open.
  template <typename Act>
  void ForEach(const Act& act) {
    for (const auto& [fd, connection] : open_) {
      if (IsOpen(fd, connection.peer)) act(fd);
    }
  }

 private:
  struct Connection {
    Peer peer;
    int64_t number;
  };

  // A descriptor may have been closed, and be somebody else's by now.
  static bool IsOpen(int fd, const Peer& peer) {
    Peer now;
    return getpeername(fd, reinterpret_cast<sockaddr*>(&now.address), &now.size) == 0 && now == peer;
  }

  // At most `wanted`, the oldest first, and at least one, of the owner with the most.
  size_t Cut(size_t wanted) {
    absl::flat_hash_map<std::string, std::vector<std::pair<int64_t, int>>> of_owner;
    for (const auto& [fd, connection] : open_) of_owner[connection.peer.owner()].push_back({connection.number, fd});
    auto most = of_owner.begin();
    size_t second = 0;
    for (auto owner = of_owner.begin(); owner != of_owner.end(); ++owner) {
      if (owner == most) continue;
      const auto& less = owner->second.size() > most->second.size() ? most : owner;
      second = std::max(second, less->second.size());
      if (owner->second.size() > most->second.size()) most = owner;
    }
    std::vector<std::pair<int64_t, int>>& connections = most->second;
    std::sort(connections.begin(), connections.end());
    const size_t cut = std::min(wanted, std::max<size_t>(connections.size() - second, 1));
    for (size_t i = 0; i < cut; ++i) {
      shutdown(connections[i].second, SHUT_RDWR);  // gRPC sees the end of it and closes it.
      open_.erase(connections[i].second);
    }
    return cut;
  }

  const size_t max_;
  absl::flat_hash_map<int, Connection> open_;  // By descriptor.
  int64_t count_ = 0;
};

class AcceptorImpl final : public Acceptor {
 public:
  explicit AcceptorImpl(int max_connections) : connections_(max_connections), stop_(eventfd(0, EFD_CLOEXEC)) {}

  ~AcceptorImpl() override {
    Stop();
    close(stop_);
  }

  absl::Status Bind(const std::string& host_port) {
    std::string host = HostOf(host_port);
    port_ = host_port.substr(host_port.rfind(':') + 1);
    const bool wildcard = host.empty() || host == "0.0.0.0" || host == "::";
    if (wildcard) host = "::";
    if (!BindAll(host) && (!wildcard || !BindAll("0.0.0.0"))) {
      return Error(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
                   absl::StrCat("Cannot listen on ", host_port, ": is the port in use?"));
    }
    return absl::OkStatus();
  }

  int port() const override { return std::atoi(port_.c_str()); }

  void Start(Hand hand) override {
    hand_ = std::move(hand);
    thread_ = std::thread([this] { AcceptUntilStopped(); });
  }

  void Stop() override {
    const uint64_t one = 1;
    if (write(stop_, &one, sizeof one) < 0) return;  // Cannot be: the counter is far from full.
    if (thread_.joinable()) thread_.join();
    for (const int listener : listeners_) close(listener);
    listeners_.clear();
  }

  void Deafen() override {
    connections_.ForEach([](int fd) {
      if (!DropWhatComesIn(fd)) Log(Level::kWarning, "a socket takes no filter", {{"error", std::to_string(errno)}});
    });
  }

  void Cut() override {
    connections_.ForEach([](int fd) { shutdown(fd, SHUT_RDWR); });
  }

 private:
  // Every address of `host`, all at one port.
  bool BindAll(const std::string& host) {
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), port_.c_str(), &hints, &found) != 0) return false;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
    bool in_use = false;
    for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) BindOne(*at, in_use);
    return !in_use && !listeners_.empty();
  }

  void BindOne(const addrinfo& at, bool& in_use) {
    const int listener = socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) return;  // No IPv6 here, for example.
    const int on = 1;
    const int off = 0;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at.ai_family == AF_INET6) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_storage address = {};
    std::memcpy(&address, at.ai_addr, at.ai_addrlen);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    // The port is at the same place in both kinds of address. Where any would do, the first one decides.
    reinterpret_cast<sockaddr_in&>(address).sin_port = htons(static_cast<uint16_t>(port()));
    socklen_t size = at.ai_addrlen;
    if (bind(listener, any, size) != 0 || listen(listener, kBacklog) != 0 || getsockname(listener, any, &size) != 0) {
      in_use = in_use || errno == EADDRINUSE;
      close(listener);
      return;
    }
    port_ = std::to_string(ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port));
    listeners_.push_back(listener);
  }

  void AcceptUntilStopped() {
    std::vector<pollfd> wanted = {{stop_, POLLIN, 0}};
    for (const int listener : listeners_) wanted.push_back({listener, POLLIN, 0});
    for (;;) {
      if (poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) return;
      if (wanted[0].revents != 0) return;
      for (size_t i = 1; i < wanted.size(); ++i) {
        if (wanted[i].revents != 0) AcceptOne(wanted[i].fd);
      }
    }
  }

  void AcceptOne(int listener) {
    Peer peer;
    const int fd =
        accept4(listener, reinterpret_cast<sockaddr*>(&peer.address), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
      Say("connections cannot be accepted", {{"error", std::strerror(errno)}});  // NOLINT(concurrency-mt-unsafe)
      absl::SleepFor(kPause);
      return;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    hand_(listener, fd);
    const size_t cut = connections_.Add(fd, peer);
    if (cut > 0) Say("too many connections: the oldest of the address with the most are cut", {});
  }

  void Say(absl::string_view message, const LogFields& fields) {
    const absl::Time now = absl::Now();
    if (now - said_ < kSayEvery) return;
    said_ = now;
    Log(Level::kWarning, message, fields);
  }

  Connections connections_;  // The thread's own until it is joined, like all below.
  absl::Time said_ = absl::InfinitePast();
  std::string port_;
  std::vector<int> listeners_;
  Hand hand_;
  const int stop_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Listen(const std::string& host_port, int max_connections) {
  auto acceptor = std::make_unique<AcceptorImpl>(max_connections);
  if (const absl::Status bound = acceptor->Bind(host_port); !bound.ok()) return bound;
  return acceptor;
}

}  // namespace countersign::rpc
