// A listening socket on this machine, for tests that play a server.
#ifndef COUNTERSIGN_COMMON_TESTING_LOOPBACK_LISTENER_H_
#define COUNTERSIGN_COMMON_TESTING_LOOPBACK_LISTENER_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace countersign::testing {

// On a port that the kernel chooses. Connections that nobody accepts wait in the kernel, which answers them.
class LoopbackListener {
 public:
  explicit LoopbackListener(const char* host = "127.0.0.1")
      : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    EXPECT_EQ(inet_pton(AF_INET, host, &address.sin_addr), 1);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(descriptor_, any, size), 0);
    EXPECT_EQ(listen(descriptor_, 16), 0);
    EXPECT_EQ(getsockname(descriptor_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackListener() { close(descriptor_); }
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  int port() const { return port_; }

  // The next connection, which the caller closes; -1 once Shutdown was called.
  int Accept() const { return accept(descriptor_, nullptr, nullptr); }

  // Ends every Accept, also of other threads. Those must have returned before this object ends.
  void Shutdown() const { shutdown(descriptor_, SHUT_RDWR); }

 private:
  const int descriptor_;
  int port_ = 0;
};

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_LOOPBACK_LISTENER_H_
