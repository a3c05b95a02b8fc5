#include "integration-tests/tcp_proxy.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "common/testing/loopback_listener.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace countersign::integration {
namespace {

const std::string kQuery("\x07\0\0\0\3SELECT", 11);
const std::string kCommitQuery("\x07\0\0\0\3COMMIT", 11);

class TcpProxyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(proxy_, TcpProxy::Start({listener_.port()}));
    client_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(proxy_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(client_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    server_ = listener_.Accept();
  }
  void TearDown() override {
    close(client_);
    close(server_);
  }

  // What arrives at `fd`; empty: the connection has ended.
  static std::string ReceiveAt(int fd) {
    std::string bytes(64, '\0');
    const ssize_t count = recv(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(count < 0 ? 0 : static_cast<size_t>(count));
    return bytes;
  }

  // The client's answer to `query`, of which the server must have heard.
  std::string Ask(const std::string& query) const {
    send(client_, query.data(), query.size(), MSG_NOSIGNAL);
    EXPECT_EQ(ReceiveAt(server_), query);
    send(server_, "done", 4, MSG_NOSIGNAL);
    return ReceiveAt(client_);
  }

  const ::countersign::testing::LoopbackListener listener_;
  std::unique_ptr<TcpProxy> proxy_;
  int client_ = -1;
  int server_ = -1;
};

TEST_F(TcpProxyTest, ALostCommitHasReachedTheServerAndItsAnswerNobody) {
  EXPECT_EQ(Ask(kCommitQuery), "done");
  proxy_->SetLosesCommits(true);
  EXPECT_EQ(Ask(kQuery), "done");
  EXPECT_EQ(Ask(kCommitQuery), "");
}

TEST_F(TcpProxyTest, CommitsAreLostUntilTheProxyIsTold) {
  proxy_->SetLosesCommits(true);
  EXPECT_EQ(Ask(kQuery), "done");
  proxy_->SetLosesCommits(false);
  EXPECT_EQ(Ask(kCommitQuery), "done");
}

}  // namespace
}  // namespace countersign::integration
