// For tests: a way to the test's server that can take TLS away.
#ifndef COUNTERSIGN_COMMON_MYSQL_TLS_PROXY_FIXTURE_H_
#define COUNTERSIGN_COMMON_MYSQL_TLS_PROXY_FIXTURE_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/connection.h"
#include "common/mysql/server_url.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {

// Passes one connection at a time on to the test's server. Without `has_tls` it takes TLS out of the server's greeting:
// what an attacker on the way would do, and what a server without TLS looks like.
class TlsProxy {
 public:
  TlsProxy(const char* host, bool has_tls) : host_(host), has_tls_(has_tls) {
    const absl::StatusOr<ServerUrl> server = ParseServerUrl(testing::TestServerOptions().url);
    upstream_.sin_family = AF_INET;
    upstream_.sin_port = htons(static_cast<uint16_t>(server.ok() ? server->port : 0));
    inet_pton(AF_INET, "127.0.0.1", &upstream_.sin_addr);
    sockaddr_in address = upstream_;
    address.sin_port = 0;
    inet_pton(AF_INET, host, &address.sin_addr);
    socklen_t size = sizeof(address);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }

  ~TlsProxy() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  // `options` with the proxy in the server's place.
  DatabaseOptions Through(DatabaseOptions options) const {
    const size_t at = options.url.find('@') + 1;
    const size_t slash = std::min(options.url.find('/', at), options.url.size());
    options.url.replace(at, slash - at, absl::StrCat(host_, ":", port_));
    return options;
  }

 private:
  static constexpr unsigned char kHasTls = 0x08;  // CLIENT_SSL, 0x0800, in the second byte of the capabilities.

  void Serve() {
    for (int client = 0; (client = accept(listener_, nullptr, nullptr)) >= 0; close(client)) {
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (connect(server, reinterpret_cast<sockaddr*>(&upstream_), sizeof(upstream_)) == 0) Pump(client, server);
      close(server);
    }
  }

  void Pump(int client, int server) const {
    bool greeted = has_tls_;
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    std::string buffer(65536, '\0');
    while (poll(both, 2, -1) > 0) {
      for (int i = 0; i < 2; ++i) {
        if (both[i].revents == 0) continue;
        const ssize_t size = read(both[i].fd, buffer.data(), buffer.size());
        if (size <= 0) return;
        if (i == 1 && !greeted) {
          // Header of 4 bytes, protocol, version string and its zero, thread 4, salt 8, a zero; then the capabilities.
          buffer[buffer.find('\0', 5) + 1 + 4 + 8 + 1 + 1] &= static_cast<char>(~kHasTls);
          greeted = true;
        }
        if (write(both[1 - i].fd, buffer.data(), size) != size) return;
      }
    }
  }

  const std::string host_;
  const bool has_tls_;
  sockaddr_in upstream_ = {};
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_TLS_PROXY_FIXTURE_H_
