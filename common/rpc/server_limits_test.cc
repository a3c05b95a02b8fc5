// What a caller without a name can make a server spend, and what it is told.
#include "common/rpc/server_limits.h"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/raw_http2_for_test.h"
#include "common/rpc/server.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::InProcessServer;
using ::countersign::testing::SetCaller;
using ::testing::HasSubstr;
using ::testing::Not;

// What AddressSanitizer adds by itself: it keeps 256 MiB of freed memory, and a shadow of all.
#ifdef ABSL_HAVE_ADDRESS_SANITIZER
constexpr int64_t kSanitizerMib = 1024;
#else
constexpr int64_t kSanitizerMib = 0;
#endif

constexpr char kGetNote[] = "/countersign.rpc.testdata.NoteService/GetNote";
constexpr char kWatchNotes[] = "/countersign.rpc.testdata.NoteService/WatchNotes";

class NoteHandlers final : public testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const testdata::GetNoteRequest*, testdata::Note*) override {
    return grpc::Status::OK;
  }
};

// `mebibytes` of one letter, compressed.
std::string GzipBomb(int mebibytes) {
  z_stream stream = {};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string part(1 << 20, 'a');
  std::string chunk(1 << 16, '\0');
  std::string all;
  for (int i = 0; i < mebibytes; ++i) {
    stream.next_in = reinterpret_cast<Bytef*>(part.data());
    stream.avail_in = static_cast<uInt>(part.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream.avail_out = static_cast<uInt>(chunk.size());
      deflate(&stream, i + 1 == mebibytes ? Z_FINISH : Z_NO_FLUSH);
      all.append(chunk, 0, chunk.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return all;
}

// Looks how much memory the process holds, again and again, and remembers the most.
class MemoryPeak {
 public:
  MemoryPeak() : before_(ResidentKib()), thread_([this] { Look(); }) {}
  ~MemoryPeak() { Stop(); }

  // By how many MiB the process has grown, at the most.
  int64_t grown_mib() {
    Stop();
    return (peak_ - before_) / 1024;
  }

 private:
  void Look() {
    while (!stop_) {
      peak_ = std::max(peak_.load(), ResidentKib());
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  const int64_t before_;
  std::atomic<int64_t> peak_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class ServerLimitsTest : public ::testing::Test {
 protected:
  std::unique_ptr<RawHttp2> Connect() {
    auto client = std::make_unique<RawHttp2>(server_.server().port());
    client->Begin();
    return client;
  }

  // A well-behaved caller, on a connection of its own.
  grpc::Status CallWell() {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    return RawCall(MakeChannel(server_.address()), context, kGetNote, "").status;
  }

  NoteHandlers handlers_;
  InProcessServer server_{{&handlers_}};
};

TEST_F(ServerLimitsTest, RefusesACompressedMessageWithoutInflatingIt) {
  const std::string bomb = GzipBomb(256);
  for (const char* algorithm : {"gzip", "deflate"}) {
    MemoryPeak peak;
    const auto client = Connect();
    client->Call(1, kGetNote, {{"grpc-encoding", algorithm}});
    client->Data(1, absl::StrCat(RawHttp2::Prefix(1, static_cast<uint32_t>(bomb.size())), bomb));
    EXPECT_THAT(client->ReadUntil("is disabled"), HasSubstr(absl::StrCat("'", algorithm, "' is disabled")));
    EXPECT_TRUE(CallWell().ok());
    EXPECT_LT(peak.grown_mib(), 64 + kSanitizerMib);
  }
}

TEST_F(ServerLimitsTest, HoldsLittleOfAMessageThatIsFarTooLong) {
  MemoryPeak peak;
  const std::string part(16 << 20, 'a');
  const auto client = Connect();
  client->Call(1, kGetNote);
  client->Data(1, RawHttp2::Prefix(0, 1 << 30), false);
  for (int i = 0; i < 60 && client->Data(1, part, false, absl::Milliseconds(200)); ++i) {
  }
  EXPECT_TRUE(CallWell().ok());
  EXPECT_LT(peak.grown_mib(), 256 + kSanitizerMib);
}

TEST_F(ServerLimitsTest, HoldsLittleOfMessagesThatAreNeverFinished) {
  MemoryPeak peak;
  std::vector<std::unique_ptr<RawHttp2>> clients;
  const std::string most(kMaxRequestBytes - 1, 'a');
  // Ten times what the quota allows; where the server takes no more, the next one tries.
  for (int i = 0; i < 5; ++i) {
    clients.push_back(Connect());
    for (uint32_t call = 0; call < kMaxStreamsPerConnection; ++call) {
      clients.back()->Call(call * 2 + 1, kGetNote);
      const std::string bytes = RawHttp2::Prefix(0, kMaxRequestBytes) + most;
      if (!clients.back()->Data(call * 2 + 1, bytes, false, absl::Milliseconds(50))) break;
    }
  }
  EXPECT_LT(peak.grown_mib(), 256 + kSanitizerMib);
  EXPECT_TRUE(CallWell().ok());
}

// gRPC counts streams only once the client has acknowledged its settings; the memory quota bounds what the others do.
TEST_F(ServerLimitsTest, HoldsLittleOfCallsThatNeverBegin) {
  const std::string settings_acknowledged("\0\0\0\4\1\0\0\0\0", 9);  // Both sides' at once.
  for (const bool acknowledge : {true, false}) {
    MemoryPeak peak;
    const auto client = Connect();
    if (acknowledge) client->ReadUntil(settings_acknowledged);
    for (uint32_t call = 0; call < (acknowledge ? 5'000u : 60'000u); ++call) client->Call(call * 2 + 1, kGetNote);
    EXPECT_TRUE(CallWell().ok());
    EXPECT_LT(peak.grown_mib(), (acknowledge ? 128 : 768) + kSanitizerMib);
  }
}

// What no gRPC library sends: each is the caller's mistake, and is told so as every error is.
TEST_F(ServerLimitsTest, CallsBrokenFramesMalformed) {
  const std::vector<std::pair<const char*, std::string>> bodies = {
      {"no message", ""},
      {"half a prefix", std::string("\0\0", 2)},
      {"less than announced", RawHttp2::Prefix(0, 100) + "abc"},
      {"compressed, not said how", RawHttp2::Prefix(1, 3) + "abc"},
      {"no such field type", RawHttp2::Prefix(0, 2) + "\x0a\x7f"},
  };
  for (const char* method : {kGetNote, kWatchNotes}) {
    for (const auto& [what, body] : bodies) {
      const auto client = Connect();
      client->Call(1, method);
      client->Data(1, body);
      const std::string& answer = client->ReadUntil("traceId");
      EXPECT_THAT(answer, HasSubstr("MALFORMED_REQUEST")) << method << ": " << what;
      EXPECT_THAT(answer, HasSubstr("countersign-trace-id")) << method << ": " << what;
      EXPECT_THAT(answer, Not(HasSubstr("byte buffer"))) << method << ": " << what;
    }
  }
}

}  // namespace
}  // namespace countersign::rpc
