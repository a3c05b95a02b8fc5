#include "common/rpc/port_probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

namespace countersign::rpc {
namespace {

// An open socket.
class Socket {
 public:
  explicit Socket(int family) : fd_(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  bool Await(short events, absl::Duration patience) const {  // NOLINT(google-runtime-int): poll's type
    pollfd wanted = {fd_, events, 0};
    return poll(&wanted, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) > 0;
  }

 private:
  const int fd_;
};

std::string Reachable(const std::string& host) {
  if (host.empty() || host == "0.0.0.0") return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

absl::Status NoAnswer(absl::string_view why) { return absl::UnavailableError(absl::StrCat("own port: ", why)); }

}  // namespace

absl::Status ProbePort(const std::string& host, int port, absl::Duration patience) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(Reachable(host).c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return absl::ResourceExhaustedError("own port: its address cannot be looked up");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> address(found, &freeaddrinfo);
  const Socket socket(address->ai_family);
  if (socket.fd() < 0) return absl::ResourceExhaustedError("own port: no descriptor to ask with");
  if (connect(socket.fd(), address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS) {
    return NoAnswer("no connection");
  }
  if (!socket.Await(POLLOUT, patience)) return NoAnswer("no connection in time");
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return NoAnswer("refused");
  // The server sees the end of our side: in TLS it gives up the handshake at once, in plaintext it shows its settings.
  shutdown(socket.fd(), SHUT_WR);
  return socket.Await(POLLIN, patience) ? absl::OkStatus() : NoAnswer("accepted by nobody");
}

}  // namespace countersign::rpc
