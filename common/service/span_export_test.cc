// Spans as a collector receives them, from the real library. Built only where there is one.
#include "common/service/span_export.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/hex.h"
#include "common/base/span.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::service {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Takes one HTTP request on loopback and says 200.
class Collector {
 public:
  Collector() {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~Collector() {
    shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    close(listener_);
  }

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/v1/traces"); }
  // What came, head and body, once it is whole.
  std::string Received() {
    thread_.join();
    return received_;
  }

 private:
  void Serve() {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    std::array<char, 4096> chunk;
    while (!IsWhole()) {
      const ssize_t count = read(connection, chunk.data(), chunk.size());
      if (count <= 0) break;
      received_.append(chunk.data(), static_cast<size_t>(count));
    }
    const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(write(connection, reply.data(), reply.size()), static_cast<ssize_t>(reply.size()));
    close(connection);
  }
  bool IsWhole() const {
    const size_t head = received_.find("\r\n\r\n");
    const size_t field = received_.find("Content-Length: ");
    if (head == std::string::npos || field == std::string::npos) return false;
    size_t length = 0;
    const size_t digits = field + 16;
    return absl::SimpleAtoi(received_.substr(digits, received_.find("\r\n", digits) - digits), &length) &&
           received_.size() >= head + 4 + length;
  }

  int listener_ = -1;
  int port_ = 0;
  std::string received_;
  std::thread thread_;
};

TEST(SpanExportTest, ACollectorReceivesWhatWasRecorded) {
  Collector collector;
  ASSERT_OK(StartSpanExport("note-service", "replica-7", collector.url()));
  ASSERT_OK(StartSpanExport("note-service", "replica-7", "http://127.0.0.1:1/")) << "the first one stays";
  const std::string trace(32, 'c');
  SpanSink::OfProcess()->Record({.trace_id = trace,
                                 .span_id = "00f067aa0ba902b7",
                                 .parent_id = "1234567890abcdef",
                                 .kind = Span::Kind::kServer,
                                 .name = "NoteService/CreateNote",
                                 .start = absl::Now(),
                                 .duration = absl::Milliseconds(3),
                                 .code = absl::StatusCode::kNotFound,
                                 .reason = "NOTE_NOT_FOUND"});
  SpanSink::OfProcess()->Flush();
  const std::string received = collector.Received();
  EXPECT_THAT(received, StartsWith("POST /v1/traces HTTP/1.1"));
  for (const std::string& part : {std::string("note-service"), std::string("replica-7"),
                                  std::string("NoteService/CreateNote"), std::string("NOTE_NOT_FOUND"),
                                  HexToBytes(trace), HexToBytes("00f067aa0ba902b7"), HexToBytes("1234567890abcdef")}) {
    EXPECT_THAT(received, HasSubstr(part));
  }
}

}  // namespace
}  // namespace countersign::service
