#include "common/service/run.h"

#include <pthread.h>
#include <signal.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/service/readiness.h"
#include "common/service/service.h"
#include "common/service/status_port.h"
#include "common/testing/http_client.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::service {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpReply;
using ::testing::HasSubstr;

const absl::Status kMissingFile =
    Error(absl::StatusCode::kInvalidArgument, "KEY_FILE", "The key file /keys/reply cannot be read.");

// A port that was free a moment ago.
std::string FreeStatusAddress() {
  const auto port = StatusPort::Start("127.0.0.1:0", {});
  EXPECT_OK(port.status());
  return absl::StrCat("127.0.0.1:", (*port)->port());
}

class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    options_.health_listen = FreeStatusAddress();
    options_.metrics_listen = FreeStatusAddress();
  }
  HttpReply Get(const std::string& path) const {
    return HttpGet(absl::StrCat("http://", options_.health_listen, path));
  }

  ServiceOptions options_;
};

TEST_F(RunTest, WaitsUntilTheCauseIsGoneAndSaysWhatItIsMeanwhile) {
  int tries = 0;
  const auto serve = [&]() -> absl::Status {
    if (++tries < 3) {
      EXPECT_EQ(Get("/live").status, 200);
      EXPECT_EQ(Get("/ready").status, 503);
      return kMissingFile;
    }
    EXPECT_THAT(Get("/ready").body, HasSubstr("KEY_FILE The key file /keys/reply cannot be read."));
    Readiness::OfProcess().Set(absl::OkStatus());
    EXPECT_EQ(Get("/ready").status, 200);
    const HttpReply measured = HttpGet(absl::StrCat("http://", options_.metrics_listen, "/metrics"));
    EXPECT_THAT(measured.body, HasSubstr("countersign_ready 1\n"));
    EXPECT_THAT(measured.body, HasSubstr("process_resident_memory_bytes"));
    return absl::OkStatus();
  };
  EXPECT_OK(RunWatched(options_, serve, absl::Milliseconds(1)));
  EXPECT_EQ(tries, 3);
}

TEST_F(RunTest, EndsWithTheFirstErrorWhereNobodyLooks) {
  options_.health_listen.clear();
  EXPECT_THAT(RunWatched(options_, [] { return kMissingFile; }), HasReason("KEY_FILE"));
}

TEST_F(RunTest, EndsWhereOnlyANewProcessHelps) {
  const absl::Status dead = Error(absl::StatusCode::kUnavailable, "PORT_DEAD", "Start the process again.");
  EXPECT_THAT(RunWatched(options_, [&] { return dead; }), HasReason("PORT_DEAD"));
}

TEST_F(RunTest, ASignalEndsTheWait) {
  absl::Status ended = absl::UnknownError("not ended");
  std::thread runner([&] {
    BlockStopSignals();
    ended = RunWatched(options_, [] { return kMissingFile; }, absl::Hours(1));
  });
  while (Get("/ready").body.find("KEY_FILE") == std::string::npos) std::this_thread::yield();
  // The thread has blocked the signal and waits for it. NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
  pthread_kill(runner.native_handle(), SIGTERM);
  runner.join();
  EXPECT_OK(ended);
}

TEST(StatusPortTest, AnswersGetOfItsPagesOnly) {
  const auto port = StatusPort::Start("127.0.0.1:0", {{"/a", [] { return StatusReply{200, "yes\n"}; }}});
  ASSERT_OK(port.status());
  const std::string url = absl::StrCat("http://127.0.0.1:", (*port)->port());
  EXPECT_EQ(HttpGet(url + "/a").body, "yes\n");
  EXPECT_EQ(HttpGet(url + "/a?b=c").status, 200);
  EXPECT_EQ(HttpGet(url + "/b").status, 404);
  EXPECT_EQ(testing::HttpHead(url + "/a").status, 200);
  EXPECT_EQ(testing::HttpPost(url + "/a", {}).status, 405);
}

TEST(StatusPortTest, RefusesAnAddressThatIsNoneOrIsTaken) {
  for (const char* listen : {"", "8080", "localhost:8080", "127.0.0.1:65536", "127.0.0.1:x"}) {
    EXPECT_THAT(StatusPort::Start(listen, {}).status(), HasReason("STATUS_ADDRESS")) << listen;
  }
  const auto port = StatusPort::Start("127.0.0.1:0", {});
  ASSERT_OK(port.status());
  EXPECT_THAT(StatusPort::Start(absl::StrCat("127.0.0.1:", (*port)->port()), {}).status(),
              HasReason("STATUS_PORT_IN_USE"));
}

}  // namespace
}  // namespace countersign::service
