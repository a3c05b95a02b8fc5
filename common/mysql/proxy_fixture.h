// For tests: ways to the test's server that can do harm.
#ifndef COUNTERSIGN_COMMON_MYSQL_PROXY_FIXTURE_H_
#define COUNTERSIGN_COMMON_MYSQL_PROXY_FIXTURE_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/connection.h"
#include "common/mysql/server_url.h"
#include "common/testing/loopback_listener.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {

// Listens on an address of this machine and carries each connection on to the test's server.
class ServerProxy {
 public:
  // Carries one connection; both ends are closed when it returns. Called by several threads at once.
  using Pump = std::function<void(int client, int server)>;

  ServerProxy(const char* host, Pump pump) : host_(host), pump_(std::move(pump)), listener_(host) {
    const absl::StatusOr<ServerUrl> server = ParseServerUrl(testing::TestServerOptions().url);
    upstream_.sin_family = AF_INET;
    upstream_.sin_port = htons(static_cast<uint16_t>(server.ok() ? server->port : 0));
    inet_pton(AF_INET, "127.0.0.1", &upstream_.sin_addr);
    thread_ = std::thread([this] { Serve(); });
  }

  // Its connections must have been closed by their clients.
  ~ServerProxy() {
    listener_.Shutdown();
    thread_.join();
  }

  // `options` with the proxy in the server's place.
  DatabaseOptions Through(DatabaseOptions options) const {
    const size_t at = options.url.find('@') + 1;
    const size_t slash = std::min(options.url.find('/', at), options.url.size());
    options.url.replace(at, slash - at, absl::StrCat(host_, ":", listener_.port()));
    return options;
  }

 private:
  void Serve() {
    std::vector<std::thread> threads;
    for (int client = 0; (client = listener_.Accept()) >= 0;) {
      threads.emplace_back([this, client] {
        const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(server, reinterpret_cast<sockaddr*>(&upstream_), sizeof(upstream_)) == 0) pump_(client, server);
        close(server);
        close(client);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  const std::string host_;
  const Pump pump_;
  const testing::LoopbackListener listener_;
  sockaddr_in upstream_ = {};
  std::thread thread_;
};

// Carries a connection until `on_bytes` says no. It is given what one end has sent (`from_server`: the server) and may
// change it.
inline void PumpBytes(int client, int server,
                      const std::function<bool(bool from_server, std::string& bytes)>& on_bytes) {
  pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
  std::string buffer;
  while (poll(both, 2, -1) > 0) {
    for (int i = 0; i < 2; ++i) {
      if (both[i].revents == 0) continue;
      buffer.resize(65536);
      const ssize_t size = read(both[i].fd, buffer.data(), buffer.size());
      if (size <= 0) return;
      buffer.resize(size);
      if (!on_bytes(i == 1, buffer)) return;
      if (send(both[1 - i].fd, buffer.data(), buffer.size(), MSG_NOSIGNAL) != size) return;
    }
  }
}

// Without `has_tls` it takes TLS out of the server's greeting: what an attacker on the way would do, and what a server
// without TLS looks like.
class TlsProxy {
 public:
  TlsProxy(const char* host, bool has_tls)
      : proxy_(host, [has_tls](int client, int server) {
          bool greeted = has_tls;
          PumpBytes(client, server, [&greeted](bool from_server, std::string& bytes) {
            // Header of 4 bytes, protocol, version string and its zero, thread 4, salt 8, a zero; then the
            // capabilities.
            if (from_server && !std::exchange(greeted, true)) {
              bytes[bytes.find('\0', 5) + 1 + 4 + 8 + 1 + 1] &= static_cast<char>(~kHasTls);
            }
            return true;
          });
        }) {}

  DatabaseOptions Through(DatabaseOptions options) const { return proxy_.Through(std::move(options)); }

 private:
  static constexpr unsigned char kHasTls = 0x08;  // CLIENT_SSL, 0x0800, in the second byte of the capabilities.

  ServerProxy proxy_;
};

// Loses one message of the clients, or the answer to it, and with it the connection.
class LossyProxy {
 public:
  enum class Loses : uint8_t { kRequest, kAnswer };

  LossyProxy()
      : proxy_("127.0.0.1", [this](int client, int server) {
          bool answer_is_lost = false;
          PumpBytes(client, server, [&](bool from_server, std::string&) {
            if (from_server) return !answer_is_lost;
            if (--until_loss_ != 0) return true;
            answer_is_lost = loses_ == Loses::kAnswer;
            return answer_is_lost;
          });
        }) {}

  DatabaseOptions Through(DatabaseOptions options) const {
    options.ca_file.clear();  // What is encrypted could not be told apart.
    return proxy_.Through(std::move(options));
  }

  // Of the messages that come from now on, the `number`th, from 1.
  void LoseAt(int number, Loses loses) {
    loses_ = loses;
    until_loss_ = number;
  }
  bool has_lost() const { return until_loss_ <= 0; }

 private:
  std::atomic<int> until_loss_ = 0;
  std::atomic<Loses> loses_ = Loses::kRequest;
  ServerProxy proxy_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_PROXY_FIXTURE_H_
