// A database of several servers: one that stops answering, and one that another has replaced.
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/proxy_fixture.h"
#include "common/mysql/server_choice.h"
#include "common/mysql/server_url.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

// The test's server under an address of its own, where it can be stopped as by SIGSTOP: the kernel takes what is sent
// and new connections, and nothing is answered.
class StoppableServer {
 public:
  StoppableServer()
      : proxy_("127.0.0.1", [this](int client, int server) {
          PumpBytes(client, server, [this](bool from_server, std::string&) {
            absl::MutexLock lock(&mutex_);
            if (stopped_ && !from_server) asked_ = true;
            mutex_.Await(absl::Condition(+[](bool* stopped) { return !*stopped; }, &stopped_));
            return true;
          });
        }) {}

  std::string Address() const {
    const std::string url = proxy_.Through(DatabaseOptions{.url = "mysql://u@h/s"}).url;
    return url.substr(url.find('@') + 1, url.rfind('/') - url.find('@') - 1);
  }
  void Stop(bool stopped) {
    absl::MutexLock lock(&mutex_);
    stopped_ = stopped;
  }
  // Until a statement waits for its answer.
  void AwaitAsked() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&asked_));
  }

 private:
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool asked_ ABSL_GUARDED_BY(mutex_) = false;
  ServerProxy proxy_;
};

class SeveralServersTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase; }
  static void TearDownTestSuite() { delete database_; }

  static DatabaseOptions OptionsOf(const StoppableServer& first, const StoppableServer& second) {
    DatabaseOptions options = database_->options();
    const size_t at = options.url.rfind('@') + 1;
    options.url.replace(at, options.url.rfind('/') - at, absl::StrCat(first.Address(), ",", second.Address()));
    options.suspect_after = absl::ZeroDuration();
    return options;
  }
  static std::unique_ptr<Database> Open(const StoppableServer& first, const StoppableServer& second) {
    return OpenDatabase(OptionsOf(first, second));
  }

  static int64_t IdOf(Reader& reader) {
    const auto rows = reader.Query("SELECT CONNECTION_ID()", {});
    return rows.ok() ? (*rows)[0].Int(0) : 0;
  }

  static TestDatabase* database_;
};
TestDatabase* SeveralServersTest::database_ = nullptr;

TEST_F(SeveralServersTest, WhileOneStatementHangsNoOtherIsSentToItsServer) {
  StoppableServer first, second;
  const std::unique_ptr<Database> database = Open(first, second);
  // Two sessions, so that one is idle while the other hangs.
  ASSERT_OK(database->Read(TestDeadline(), [&](Reader&) { return database->Ping(TestDeadline()); }));
  first.Stop(true);
  absl::Status hung;
  std::thread waits([&] { hung = database->Ping(TestDeadline()); });
  first.AwaitAsked();
  // Not a read, which would go to the other server by itself after it had hung.
  EXPECT_OK(database->Autocommit(TestDeadline(), [](Connection& c) { return c.Run("SET @unused = 1"); }));
  first.Stop(false);
  waits.join();
  EXPECT_OK(hung);
}

TEST_F(SeveralServersTest, ASessionOfAServerThatWasLeftIsNotUsedAgain) {
  StoppableServer first, second;
  const std::unique_ptr<Database> database = Open(first, second);
  int64_t of_first = 0, of_second = 0, later = 0;
  ASSERT_OK(database->Read(TestDeadline(), [&](Reader& reader) -> absl::Status {
    of_first = IdOf(reader);
    first.Stop(true);
    const absl::Status status = database->Read(TestDeadline(), [&](Reader& other) {
      of_second = IdOf(other);
      return absl::OkStatus();
    });
    first.Stop(false);
    return status;
  }));
  ASSERT_OK(database->Read(TestDeadline(), [&](Reader& reader) {
    later = IdOf(reader);
    return absl::OkStatus();
  }));
  EXPECT_NE(of_first, of_second);
  EXPECT_EQ(later, of_second);
}

TEST_F(SeveralServersTest, WhereNoneTookASessionNobodyAsksAgainUntilThePauseEndsOrOneDoes) {
  StoppableServer first, second;
  ASSERT_OK_AND_ASSIGN(const std::vector<ServerUrl> servers, ServersOf(OptionsOf(first, second)));
  const std::unique_ptr<Database> database = Open(first, second);
  const absl::Status why = Error(absl::StatusCode::kUnavailable, "DATABASE_READ_ONLY", "None takes writes.");
  RememberNone(servers, why, absl::InfiniteDuration());
  EXPECT_THAT(database->Ping(TestDeadline()), HasReason("DATABASE_READ_ONLY"));
  RememberNone(servers, why, absl::ZeroDuration());
  EXPECT_OK(database->Ping(TestDeadline()));
  RememberNone(servers, why, absl::InfiniteDuration());
  PreferServer(servers, 1);
  EXPECT_OK(WhyNone(servers));
}

TEST_F(SeveralServersTest, AServerThatDidNotAnswerIsTriedLast) {
  StoppableServer first, second;
  ASSERT_OK_AND_ASSIGN(const std::vector<ServerUrl> servers, ServersOf(OptionsOf(first, second)));
  EXPECT_EQ(PreferredServer(servers), 0u);
  AvoidServer(servers, 1);
  EXPECT_EQ(PreferredServer(servers), 0u);
  AvoidServer(servers, 0);
  EXPECT_EQ(PreferredServer(servers), 1u);
  PreferServer(servers, 0);
  EXPECT_EQ(PreferredServer(servers), 0u);
}

}  // namespace
}  // namespace countersign::mysql
