// Spans as a collector receives them, from the real library. Built only where there is one.
#include "common/service/span_export.h"

#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/hex.h"
#include "common/base/span.h"
#include "common/testing/loopback_listener.h"
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
  Collector() : thread_([this] { Serve(); }) {}
  ~Collector() {
    listener_.Shutdown();
    if (thread_.joinable()) thread_.join();
  }

  std::string url() const { return absl::StrCat("http://127.0.0.1:", listener_.port(), "/v1/traces"); }
  // What came, head and body, once it is whole.
  std::string Received() {
    thread_.join();
    return received_;
  }

 private:
  void Serve() {
    const int connection = listener_.Accept();
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

  testing::LoopbackListener listener_;
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
